using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>The stages of a blockwise student: one that is built from the bottom, one layer after the other.</summary>
internal static class BlockwiseStages
{
    /// <summary>One stage per layer of the student, the lowest first.</summary>
    /// <param name="distill">With blockwise stages.</param>
    /// <param name="kinds">The kinds that there are.</param>
    /// <param name="student">The model that is built.</param>
    /// <param name="teacher">The model with the layers that it is compared with.</param>
    /// <exception cref="DecantException">A model is not made of layers, or an objective does not compare any.</exception>
    public static IEnumerable<Stage> StagesOf(DistillSection distill, IKindRegistry kinds, Model student, Model teacher)
    {
        var blockwise = distill.Blockwise!;
        var layers = student.Layers.Outputs;
        Check(blockwise, kinds, student, teacher);
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = i + 1;
            yield return new Stage($"block-{layer}", Seeding.Block(layer), distill with
            {
                Blockwise = null,
                Stages = null,
                WarmUp = null,
                Pruning = null,
                Epochs = blockwise.EpochsPerBlock,
                Steps = blockwise.StepsPerBlock,
                Objectives = [.. blockwise.Objectives.Select(o => ForLayer((LayerMapOptions)o, layer, layers.Count, teacher.Layers.Outputs.Count))],
                Combination = Balance.Sum,
                Train = [.. Parts(student, layers, i, blockwise.Freeze)],
                Freeze = null,
            });
        }
    }

    private static void Check(BlockwiseSection blockwise, IKindRegistry kinds, Model student, Model teacher)
    {
        if (blockwise.Objectives.FirstOrDefault(o => o is not LayerMapOptions) is { } other)
            throw new DecantException($"distill.blockwise: '{kinds.KindOf(Sections.Objective, other)}' does not compare layers; use one that does, such as hidden-states.");
        if (blockwise.Objectives.FirstOrDefault(o => o is LayerMapOptions and ({ Layers: not null } or { Pairs.Count: > 0 })) is { } mapped)
            throw new DecantException($"distill.blockwise: '{kinds.KindOf(Sections.Objective, mapped)}' says its layers by 'layers' or 'pairs', and blockwise training compares one after the other; leave them out, or give 'teacher-layers'.");
        foreach (var (name, model) in new[] { ("student", student), ("teacher", teacher) })
        {
            if (model.Layers.Outputs.Count == 0)
                throw new DecantException($"distill.blockwise: the {name} ({model.Kind}) is not made of layers, so there is nothing to build one after the other; leave 'blockwise' out.");
        }

        if (blockwise.Objectives.FirstOrDefault(o => ((LayerMapOptions)o).TeacherLayers is { Count: > 0 } given && given.Count != student.Layers.Outputs.Count) is { } wrong)
            throw new DecantException($"distill.blockwise: 'teacher-layers' has one layer for each of the student's: {student.Layers.Outputs.Count} were expected, {((LayerMapOptions)wrong).TeacherLayers.Count} came.");
    }

    private static LayerMapOptions ForLayer(LayerMapOptions options, int layer, int count, int ofTeacher)
    {
        // As the map 'uniform' has it.
        var above = options.TeacherLayers.Count > 0 ? options.TeacherLayers[layer - 1] : Math.Max(1, ((2 * layer * ofTeacher) + count) / (2 * count));
        return options with { TeacherLayers = [], Pairs = [new LayerPair { Student = $"{layer}", Teacher = $"{above}" }] };
    }

    /// <summary>What is trained for a layer: the layer, and all below it where that does not stay. What lies below the first belongs to the first.</summary>
    private static IEnumerable<string> Parts(Model student, IReadOnlyList<string> layers, int index, bool freeze)
    {
        string[] names = [.. student.NamedParameters().Select(p => p.Key)];
        var from = freeze && index > 0 ? Array.FindIndex(names, n => IsIn(n, layers[index])) : 0;
        var to = Array.FindLastIndex(names, n => IsIn(n, layers[index]));
        // Parameters are registered from the input up.
        return names[from..(to + 1)];
    }

    private static bool IsIn(string parameter, string layer) => parameter.StartsWith(layer + ".", StringComparison.Ordinal);
}
