using System.Reflection;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Tests.Objectives;
using Decant.Tests.Objectives.Relations;

namespace Decant.Tests.Architecture;

/// <summary>What comes along with every kind in the catalog, and with every recipe.</summary>
public class CatalogTests
{
    private static string[] RecipeFiles { get; } = Directory.GetFiles(Repository.Find("recipes"), "*.yaml", SearchOption.AllDirectories);

    public static TheoryData<string> Objectives => [.. Catalog.Standard.Kinds.Kinds(Sections.Objective).Select(k => k.Kind)];

    public static TheoryData<string> Recipes => [.. RecipeFiles.Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Fact]
    public void There_are_objectives_and_recipes()
    {
        Assert.True(Objectives.Count >= 3);
        Assert.True(RecipeFiles.Length >= 3);
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void An_objective_has_its_golden_cases_its_specification_its_page_and_a_recipe(string kind)
    {
        Assert.True(ObjectiveCase.Golden(kind).Length + FeatureCase.Golden(kind).Length > 0);
        Assert.Contains(Specifications(), specification => specification == kind);
        Assert.Contains(File.ReadAllLines(Repository.Find("docs/methods.md")), line => line == $"### `{kind}`");
        Assert.Contains(RecipeFiles, file => ObjectivesOf(file).Any(o => Catalog.Standard.Kinds.KindOf(Sections.Objective, o) == kind));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_recipe_that_comes_along_is_read_without_a_fault_and_says_what_it_is_about(string file)
    {
        var document = Read(Repository.Find(file));
        Assert.NotEmpty(document.MultiTask?.Name ?? document.Recipe.Name);
        Assert.NotEmpty(RecipeHeader.Read(Repository.Find(file)).About);
    }

    [Fact]
    public void Every_kind_and_every_option_says_what_it_is()
    {
        var sections = typeof(Sections).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).Where(s => s != Sections.Metric).ToList();
        Assert.Equal(9, sections.Count);
        foreach (var kind in sections.SelectMany(Catalog.Standard.Kinds.Kinds))
        {
            Assert.NotEmpty(kind.About);
            Assert.All(RecipeProperty.Of(kind.Options), property => Assert.False(string.IsNullOrEmpty(property.About), $"{kind.Kind}: {property.Key} has no [Description]"));
        }
    }

    private static IEnumerable<Decant.Objectives.ObjectiveOptions> ObjectivesOf(string file) => Read(file) is { MultiTask: { } several } ? several.Tasks.SelectMany(t => t.Objectives) : Read(file).Recipe.Distill.Objectives;

    private static RecipeDocument Read(string file) =>
        new RecipeReader(Catalog.Standard.Kinds) { Environment = name => name == "DECANT_DATA" ? "/data" : null }.Read(file);

    private static IEnumerable<string> Specifications() => [.. Specifications<ObjectiveSpecification>(), .. Specifications<RelationSpecification>(), .. Specifications<FeatureSpecification>()];

    private static IEnumerable<string> Specifications<T>() where T : IDisposable => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .Select(type =>
        {
            using var specification = (T)Activator.CreateInstance(type)!;
            return (string)typeof(T).GetProperty("Kind", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(specification)!;
        });
}
