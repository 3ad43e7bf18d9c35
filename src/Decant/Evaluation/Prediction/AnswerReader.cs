using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers what a model answers, batch by batch.</summary>
internal abstract class AnswerReader(Model model, Model? teacher = null)
{
    private readonly Dictionary<Model, RecurrentState> _states = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether recurrent models keep their state from a batch to the one that continues it.</summary>
    public bool CarriesState { get; init; }

    protected Model Model => model;

    /// <summary>The teacher, evaluated on the same batches; null unless the closeness to it is measured while the batch is there.</summary>
    protected Model? Teacher => teacher;

    public TaskAnswers ReadAll(IBatchSource batches, CancellationToken cancellationToken)
    {
        model.Eval();
        teacher?.Eval();
        try
        {
            var device = model.Device;
            foreach (var made in batches.Enumerate(0, 0, cancellationToken))
            {
                using (var batch = made.MoveTo(device))
                using (TensorScope.Open())
                using (Autograd.NoGrad())
                    Read(batch);
            }

            return Finish();
        }
        finally
        {
            foreach (var state in _states.Values)
                state.Dispose();
        }
    }

    protected abstract void Read(Batch batch);

    protected abstract TaskAnswers Finish();

    /// <summary>
    /// The batch as one of the two models gets it; every batch passes here once per model and in order, so that a model which carries a state from batch to batch
    /// where <see cref="Batch.Continues"/> says so is given its own here.
    /// </summary>
    protected ModelInput InputFor(Model asked, Batch batch)
    {
        if (!CarriesState)
            return batch.ToInput();
        if (!_states.TryGetValue(asked, out var state))
            _states[asked] = state = new RecurrentState();
        return batch.ToInput(state);
    }

    /// <summary>What a model of whole samples, or of few classes, answers [R, C].</summary>
    protected Tensor Answer(Model asked, Batch batch)
    {
        var answer = asked.Forward(InputFor(asked, batch)).To(DType.Float32);
        AnswerFaults.CheckRows(batch, answer.Size(0));
        return answer;
    }

    /// <summary>How many rows belong to a sample of the batch.</summary>
    protected static int RowsOf(Batch batch, int sample)
    {
        if (batch.RowsPerSample is null && batch.Rows != batch.Size)
            throw new DecantException($"A batch of {batch.Size} samples asks about {batch.Rows} rows and does not say which belong to which sample.");
        return batch.RowsPerSample?[sample] ?? 1;
    }

    /// <summary>The order of the samples' ids: batches may come bucketed by length.</summary>
    protected static int[] Order(IReadOnlyList<ulong> ids) => [.. Enumerable.Range(0, ids.Count).OrderBy(i => ids[i])];
}
