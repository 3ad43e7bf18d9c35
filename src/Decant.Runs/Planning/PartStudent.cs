using Decant.Compression.Pruning;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Students of a recipe that begin as a part of their teacher.</summary>
internal static class PartStudent
{
    // Gradients of few samples say more of a trained model than those of many, which cancel out.
    private const int BatchSize = 16;

    /// <summary>The student as it begins: the same for the same teacher and seed.</summary>
    /// <param name="part">What the recipe says of it.</param>
    /// <param name="teacher">The model that it is a part of.</param>
    /// <param name="data">The transfer set, of which importances are measured on some samples.</param>
    /// <param name="seed">What the samples are drawn from.</param>
    /// <param name="note">Gets what was kept by importance; null: nobody.</param>
    public static Model Make(PartOfTeacher part, Model teacher, PreparedData data, ulong seed, Action<string>? note)
    {
        if (teacher.HasNoMemory && (part.ChoosesLayers || part.ChoosesUnits)) // whichever are kept, the shapes are the same
            return StudentFromTeacher.Make(teacher, part with { Importance = UnitImportance.First, Choose = LayerChoice.Uniform });
        return Make(part, teacher, Calibration(part.Calibration ?? PartOfTeacher.DefaultCalibration, data, seed), note);
    }

    /// <summary>The same, of samples at hand.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="teacher">The model that it is a part of.</param>
    /// <param name="calibration">What importances are measured on; read only where they need samples.</param>
    /// <param name="note">Gets what was kept by importance; null: nobody.</param>
    public static Model Make(PartOfTeacher part, Model teacher, IEnumerable<Batch> calibration, Action<string>? note) => !part.ChoosesLayers && !part.ChoosesUnits
        ? StudentFromTeacher.Make(teacher, part)
        : StudentFromTeacher.Make(teacher, part, null, UnitImportances.Measure(teacher, part, calibration), note);

    // Drawn when it is read.
    private static IEnumerable<Batch> Calibration(int count, PreparedData data, ulong seed)
    {
        var (samples, random) = (data.TransferSet, new Rng(seed));
        var indices = Enumerable.Range(0, samples.Count).ToArray();
        var chosen = Math.Min(count, indices.Length);
        for (var i = 0; i < chosen; i++)
        {
            var other = i + random.Next(indices.Length - i);
            (indices[i], indices[other]) = (indices[other], indices[i]);
        }

        return chosen == 0 ? [] : ((IBatchSource)data.All(samples.Subset([.. indices.Take(chosen).Order()]), BatchSize)).EnumerateSynchronously(epoch: 0);
    }
}
