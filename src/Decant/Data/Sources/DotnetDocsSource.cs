using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Sources;

/// <summary>The API documentation that comes with every .NET SDK: the summary of a member is the text, its assembly the class.</summary>
/// <remarks>
/// Read are the XML files of the reference packs, the newest version of each. A text that several assemblies have is dropped and a repeated one kept once,
/// both before any split, so that nothing of the test set is in the training set. The order is that of file and member name, the same on every machine.
/// </remarks>
internal sealed record DotnetDocsOptions : SourceOptions
{
    /// <summary>How many assemblies to take: those with the most texts. Default: 20.</summary>
    [Description("number of assemblies, the largest first")]
    [Range(2, 1000)]
    public int Classes { get; init; } = 20;

    /// <summary>Texts of fewer characters are left out; default: 20.</summary>
    [Description("minimum length of a text, in characters")]
    [Range(1, 10_000)]
    public int MinLength { get; init; } = 20;

    /// <summary>The most texts of one assembly, chosen by <see cref="Seed"/>; null: all.</summary>
    [Description("maximum number of texts per assembly; absent: no limit")]
    [Range(1, int.MaxValue)]
    public int? MaxPerClass { get; init; }

    /// <summary>What chooses the texts under <see cref="MaxPerClass"/>; default: 0.</summary>
    [Description("random seed of the choice where there are more texts")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>The folder of a .NET SDK, the one with <c>packs</c> in it; null: the installed one is found.</summary>
    [Description("folder of the .NET SDK; default: the installed one")]
    public string? Root { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        var root = Root ?? DotnetRoot.Find();
        var texts = DotnetDocsReader.ReadAll(DotnetDocsReader.FindFiles(root), MinLength, cancellationToken);
        var largest = texts.GroupBy(text => text.Assembly, StringComparer.Ordinal)
            .OrderByDescending(assembly => assembly.Count()).ThenBy(assembly => assembly.Key, StringComparer.Ordinal).Take(Classes).ToArray();
        if (largest.Length < Classes)
            throw new DecantException($"dotnet-docs: {Classes} classes were requested, and {root} documents {largest.Length} assemblies; ask for fewer.");

        var chosen = largest.OrderBy(assembly => assembly.Key, StringComparer.Ordinal).SelectMany(Cap);
        return Dataset.From("dotnet-docs", chosen.Select(text => ((SampleContent)new TextContent(text.Text), (string?)text.Assembly)));
    }

    private IEnumerable<DocumentedMember> Cap(IGrouping<string, DocumentedMember> assembly)
    {
        var members = assembly.ToArray();
        if (MaxPerClass is not { } most || members.Length <= most) return members;
        // By content, so that the same texts are chosen in every version of .NET.
        return members.Select((member, i) => (member, i, key: Rng.For((ulong)Seed, ContentHash.OfText(member.Text, null)).NextUInt64()))
            .OrderBy(item => item.key).Take(most).OrderBy(item => item.i).Select(item => item.member);
    }
}
