using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Schema;

namespace Decant.Tests.Architecture;

/// <summary>A key of a recipe, with its description, range and default, stands in one place: on the options of the room that it is about.</summary>
public class OneSchemaTests
{
    private static readonly Type[] s_records = [.. Reachable()];

    [Fact]
    public void A_key_stands_in_one_place()
    {
        var faults = Keys().Where(k => k.About is not null).GroupBy(k => (k.Name, k.About))
            .Where(g => g.Select(k => k.Choice ?? k.Declared).Distinct().Count() > 1)
            .Where(g => !s_alike.Contains($"{string.Join(" ", g.Select(k => k.Declared.Name).Distinct().Order(StringComparer.Ordinal))}: {g.Key.Name}"))
            .Select(g => $"'{g.Key.Name}' ({g.Key.About}) in {string.Join(", ", g.Select(k => k.Declared.FullName).Distinct())}").Order(StringComparer.Ordinal).ToArray();
        Assert.True(s_records.Length > 80, $"only {s_records.Length} records were found");
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    /// <summary>Kinds of one section, and forms of one value, are alternatives: a key that several of them have means the same in each, and none is a copy of another.</summary>
    private static Type? ChoiceOf(Type type) => s_choices.FirstOrDefault(choice => type.IsSubclassOf(choice));

    /// <summary>A section has values of its own; one that has the keys of some options is those options again.</summary>
    [Fact]
    public void No_section_mirrors_options_of_the_library()
    {
        var sections = s_records.Where(IsSection).Except(s_otherThings).ToArray();
        var library = new[] { typeof(Decant.Torch.Tensor), typeof(Decant.Data.Dataset), typeof(Decant.Text.ITokenizer), typeof(ScalarSchedule) }.Select(t => t.Assembly).Distinct()
            .SelectMany(a => a.GetExportedTypes()).Where(t => t is { IsClass: true, IsAbstract: false } && t.GetConstructor([]) is not null).ToArray();
        var faults = sections
            .SelectMany(section => library.Select(other => (Section: section, Other: other, Shared: Own(section).Intersect(Own(other)).ToArray())))
            .Where(pair => pair.Shared.Length >= 2 && pair.Shared.Length * 2 >= Math.Min(Own(pair.Section).Count, Own(pair.Other).Count))
            .Select(pair => $"{pair.Section.Name} has {string.Join(", ", pair.Shared)} of {pair.Other.FullName}").ToArray();
        Assert.True(sections.Length > 8, $"only {sections.Length} sections were found");
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    // A task of several says it beside its objectives, as the distillation of one task does, which also is a training: neither can stand on the other.
    private static readonly string[] s_alike = ["DistillSection TaskSection: Combination"];

    // Threads of the teacher and the student, and the layers or modules of the two that an objective compares.
    private static readonly Type[] s_otherThings = [typeof(ThreadAllocationSection)];

    private static readonly Type[] s_choices =
    [
        typeof(Decant.Data.Sources.SourceOptions), typeof(Decant.Text.Training.TokenizerOptions), typeof(Decant.Models.Configuration.ModelOptions), typeof(Decant.Objectives.ObjectiveOptions),
        typeof(Decant.Training.Optimizers.OptimizerOptions), typeof(Decant.Training.Schedules.ScheduleOptions), typeof(ScalarSchedule),
        typeof(Decant.Objectives.SampleWeights.SampleWeight), typeof(Decant.Objectives.Temperatures.Temperature), typeof(Decant.Teachers.Remote.Asking.ChatRequestOptions),
    ];

    private static IReadOnlyList<string> Own(Type type) => [.. RecipeProperty.Of(type).Where(p => p.Info.DeclaringType == type).Select(p => $"{p.Info.Name} {p.Type.Name}")];

    private static bool IsSection(Type type) => type.Name.EndsWith("Section", StringComparison.Ordinal);

    private static IEnumerable<(string Name, string? About, Type Declared, Type? Choice)> Keys() =>
        s_records.SelectMany(RecipeProperty.Of).Select(p => (p.Info.Name, p.About, p.Info.DeclaringType!, ChoiceOf(p.Info.DeclaringType!)));

    private static HashSet<Type> Reachable()
    {
        var found = new HashSet<Type>();
        var open = new Stack<Type>([typeof(Recipe), typeof(MultiTaskRecipe), typeof(Study)]);
        while (open.TryPop(out var type))
        {
            if (!found.Add(type))
                continue;
            foreach (var property in RecipeProperty.Of(type))
            {
                if (property.Choice is { Section: var section })
                {
                    foreach (var kind in Catalog.Standard.Kinds.Kinds(section))
                        open.Push(kind.Options);
                    continue;
                }

                var of = CollectionTypes.ItemOf(property.Type) ?? CollectionTypes.ValueOf(property.Type) ?? property.Type;
                foreach (var form in Forms.Of(of))
                    open.Push(form.Type);
                if (Forms.Of(of).Count == 0 && !ScalarReader.Reads(Nullable.GetUnderlyingType(of) ?? of))
                    open.Push(of);
            }
        }

        return found;
    }
}
