using Decant.Runs.Exporting;
using Decant.Runs.Recipes.Schema;
using Decant.Tests.Runs.Recipes;

namespace Decant.Tests.Runs.Exporting;

public sealed class TeacherLicenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("---\nlanguage: en\nlicense: apache-2.0\n---\n# A model", "apache-2.0")]
    [InlineData("---\r\nlicense: \"mit\"\r\n---\r\n", "mit")]
    [InlineData("# A model\nlicense: mit", null)]
    [InlineData("---\nlanguage: en\n---\nlicense: mit", null)]
    [InlineData("---\nlicense:\n- mit\n---", null)]
    public void The_card_of_a_loaded_teacher_says_its_licence(string card, string? expected)
    {
        _folder.Write("README.md", card);
        Assert.Equal(expected, TeacherLicence.OfFolder(_folder.Path));
        Assert.Equal(expected, TeacherLicence.Of(Recipe(_folder.Path), new()));
        Assert.Equal("said", TeacherLicence.Of(Recipe(_folder.Path), new() { TeacherLicence = "said" }));
    }

    [Fact]
    public void A_teacher_that_was_trained_in_the_run_has_none_of_its_own() => Assert.Equal("none of its own, trained in this run", TeacherLicence.Of(Recipe(null), new()));

    [Fact]
    public void A_folder_without_a_card_says_nothing() => Assert.Null(TeacherLicence.OfFolder(_folder.Path));

    [Fact]
    public void A_line_without_an_end_is_no_card()
    {
        _folder.Write("README.md", "---\nlicense: " + new string('x', 1 << 20));
        Assert.Null(TeacherLicence.OfFolder(_folder.Path));
    }

    private static Recipe Recipe(string? load) => Fakes.Read(Fakes.Image).Recipe with { Teacher = new() { Load = load } };
}
