using Decant.Modules;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>A model's logits of a batch, a few rows at a time: those of a large vocabulary never exist for the whole batch where the model has a head.</summary>
internal sealed class LogitRows
{
    private readonly Tensor _rows;
    private readonly OutputHead? _head;

    /// <summary>Asks the model; the tensors belong to the scope that is open.</summary>
    public LogitRows(Model model, ModelInput input)
    {
        if (model is ChunkedHeadModel chunked)
            (_rows, _head) = (chunked.States(input), chunked.ComputingHead);
        else
            _rows = model.Forward(input);
    }

    /// <summary>R.</summary>
    public long Count => _rows.Size(0);

    /// <summary>log p of <paramref name="count"/> rows from <paramref name="start"/> on [n, V], float32.</summary>
    public Tensor LogProbabilities(long start, long count)
    {
        var rows = _rows.Narrow(0, start, count);
        return (_head?.Logits(rows) ?? rows).To(DType.Float32).LogSoftmax(1);
    }
}
