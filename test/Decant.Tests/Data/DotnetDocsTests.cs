using Decant.Data;
using Decant.Data.Sources;

namespace Decant.Tests.Data;

public sealed class DotnetDocsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void References_become_readable_text()
    {
        Document("Some.Library", ("M:A.B(System.Int32)", """
            Converts the <paramref name="value"/> of
                <see cref="T:System.Collections.Generic.List`1"/> by <see cref="M:System.String.Join``1(System.String)" /> to <see langword="null" />,
            <c>x &lt; y</c>, <see cref="M:System.Text.StringBuilder.#ctor">a builder</see> or <typeparamref name="T"/><para>and <b>more</b>.</para>
            """), ("P:A.C", "A second text about something else."));
        Document("Other.Library", ("P:D.E", "A third text about something else."));
        using var docs = Open();
        Assert.Equal("Converts the value of List by Join to null, x < y, a builder or T and more.", Texts(docs)[1]);
    }

    [Theory]
    [InlineData("T:System.String", "String")]
    [InlineData("M:System.Text.StringBuilder.#ctor(System.String)", "StringBuilder")]
    [InlineData("M:A.B.op_Implicit(A.B)~System.Int32", "op_Implicit")]
    [InlineData("P:A.B.System#Collections#ICollection#Count", "Count")]
    [InlineData("N:System.Text", "Text")]
    [InlineData("!:broken", "broken")]
    [InlineData("", "")]
    public void A_reference_is_named_by_its_member(string reference, string name) => Assert.Equal(name, DocText.Name(reference));

    [Fact]
    public void A_text_of_several_assemblies_goes_and_a_repeated_one_stays_once()
    {
        Document("A.Library", ("M:A.Two", "This text occurs in two assemblies."), ("M:A.One", "This text occurs twice in one."), ("M:A.Zero", "This text occurs twice in one."));
        Document("B.Library", ("M:B.Two", "This text occurs in two assemblies."), ("M:B.One", "This text occurs once."), ("M:B.Short", "Too short."));
        using var docs = Open();
        Assert.Equal(["This text occurs twice in one.", "This text occurs once."], Texts(docs));
        Assert.Equal(["A.Library", "B.Library"], docs.Classes);
    }

    [Fact]
    public void The_newest_version_of_a_pack_and_the_largest_assemblies_are_taken()
    {
        Document("Old.Library", "9.0.1", ("M:A", "A text of the old version."));
        foreach (var (name, count) in new[] { ("Big", 5), ("Middle", 3), ("Small", 1) })
            Document(name, "10.0.0", [.. Enumerable.Range(0, count).Select(i => ($"M:{i}", $"Text number {i} of the {name} library."))]);
        Document("Preview", "10.0.0-rc.1", ("M:A", "A text of the version before."));
        using var docs = Open();
        Assert.Equal(["Big", "Middle"], docs.Classes);
        Assert.Equal([5, 3], docs.CountByClass());
        using var capped = new DotnetDocsOptions { Root = _root.Path, Classes = 2, MaxPerClass = 2 }.Open();
        Assert.Equal([2, 2], capped.CountByClass());
        Assert.Contains("4 classes were requested", Assert.Throws<DecantException>(() => new DotnetDocsOptions { Root = _root.Path, Classes = 4 }.Open()).Message);
    }

    [Fact]
    public void A_folder_without_packs_and_broken_xml_are_refused()
    {
        Assert.Contains("expected the folder of a .NET SDK with reference packs", Assert.Throws<DecantException>(Open).Message);
        Document("A", ("M:A", "x <c> y"));
        Assert.Contains("A.xml:1: this is not XML documentation", Assert.Throws<DecantException>(Open).Message);
    }

    private Dataset Open() => new DotnetDocsOptions { Root = _root.Path, Classes = 2 }.Open();

    private static List<string> Texts(Dataset data) => [.. Enumerable.Range(0, data.Count).Select(i => ((TextContent)data[i].Content).Text)];

    private void Document(string assembly, params (string Name, string Summary)[] members) => Document(assembly, "10.0.0", members);

    private void Document(string assembly, string version, params (string Name, string Summary)[] members)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.Path, "packs", "Some.Ref", version, "ref", "net10.0")).FullName;
        var body = string.Concat(members.Select(member => $"<member name=\"{member.Name}\"><summary>{member.Summary}</summary></member>"));
        File.WriteAllText(Path.Combine(folder, assembly + ".xml"), $"<doc><assembly><name>{assembly}</name></assembly><members>{body}</members></doc>");
    }
}
