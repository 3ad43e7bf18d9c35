using Decant.Models.FromTeacher;
using Decant.Modules;

namespace Decant.Runs.Fitting;

/// <summary>How large a candidate is, counted from its shapes.</summary>
/// <param name="Parameters">All numbers.</param>
/// <param name="InMatrices">Those of matrices and tables, which forms store with fewer bits.</param>
/// <param name="Flops">Floating-point operations of one sample.</param>
internal readonly record struct CandidateSize(long Parameters, long InMatrices, long Flops)
{
    /// <summary>The size of a part; null where the teacher has no such part.</summary>
    /// <param name="teacher">The teacher's shapes, without memory.</param>
    /// <param name="part">The part; which units it keeps makes no difference.</param>
    /// <param name="sample">The shape of one sample.</param>
    public static CandidateSize? Of(Model teacher, PartOfTeacher part, ReadOnlySpan<long> sample)
    {
        try
        {
            using var model = StudentFromTeacher.Make(teacher, part with { Importance = UnitImportance.First, Choose = LayerChoice.Uniform, Calibration = null });
            var matrices = model.NamedParameters().Where(p => p.Value.Shape.Length > 1).Sum(p => p.Value.ElementCount);
            return new CandidateSize(model.ParameterCount, matrices, model.FlopsPerSample(sample));
        }
        catch (DecantException)
        {
            return null;
        }
    }
}
