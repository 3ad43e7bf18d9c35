using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The factors of a batch's rows, of each objective over texts, where logits are made some rows at a time.</summary>
internal sealed class SequenceFactors
{
    private readonly Dictionary<int, Tensor?> _factors; // [R, any], by the objective's index; null: its rows count alike

    private SequenceFactors(Dictionary<int, Tensor?> factors) => _factors = factors;

    /// <summary>Looks at all rows once, without gradients, where an objective needs it.</summary>
    public static SequenceFactors Of(
        NamedObjective[] objectives, IEnumerable<(int First, int Count)> chunks, Tensor states, OutputHead head, TeacherSignal? teacher, Batch batch)
    {
        using var noGrad = Autograd.NoGrad();
        var looking = Array.FindAll(objectives, o => o.Objective is ISequenceObjective sequence && sequence.LooksAhead(batch));
        var looked = looking.ToDictionary(o => o.Index, _ => new List<Tensor>());
        foreach (var (first, count) in looking.Length == 0 ? [] : chunks)
        {
            using var scope = TensorScope.Open();
            var student = new StudentOutput(head.Logits(states.Narrow(0, first, count).Detach().To(head.Weight.DType)));
            foreach (var (index, _, objective, _) in looking)
                looked[index].Add(scope.Keep(((ISequenceObjective)objective).Look(student, teacher?.Rows(first, count), batch.RowsFrom(first, count))));
        }

        return new(objectives.Where(o => o.Objective is ISequenceObjective).ToDictionary(
            o => o.Index, o => ((ISequenceObjective)o.Objective).Factors(batch, looked.TryGetValue(o.Index, out var parts) ? Tensor.Cat([.. parts]) : null)));
    }

    /// <summary>Those of some rows; views.</summary>
    public SequenceFactors Rows(int first, int count) => new(_factors.ToDictionary(f => f.Key, f => f.Value?.Narrow(0, first, count)));

    /// <summary>Those of an objective.</summary>
    /// <param name="objective">Its index.</param>
    /// <param name="factors">They; null: its rows count alike.</param>
    /// <returns>Whether it is about texts.</returns>
    public bool TryGet(int objective, out Tensor? factors) => _factors.TryGetValue(objective, out factors);
}
