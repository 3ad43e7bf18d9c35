using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmLanguage;

/// <summary>
/// An embedding with whole rows dropped in training: a token that is dropped is so wherever it stands in the batch (Gal 2016; Merity 2018,
/// section 4.3).
/// </summary>
internal sealed class WordDropout : Module
{
    private readonly double _probability;

    public WordDropout(long count, long width, double probability, double range, Generator? generator)
    {
        _probability = probability;
        Weight = RegisterParameter("weight", Initialise.Uniform([count, width], range, generator));
    }

    /// <summary>[V, E].</summary>
    public Tensor Weight { get; }

    /// <summary>[B, T] to [B, T, E].</summary>
    public Tensor Forward(Tensor tokens)
    {
        using var scope = TensorScope.Open();
        var x = Functional.Embedding(Weight, tokens);
        if (!IsTraining || _probability == 0)
            return RecordActivation(scope.Keep(x));
        // One factor per row of the table, looked up as the rows are: the table itself need not be copied.
        var factors = Functional.Dropout(Tensor.Ones([Weight.Size(0), 1], x.DType, x.Device), _probability, true);
        return RecordActivation(scope.Keep(x * Functional.Embedding(factors, tokens))); // [B, T, E]·[B, T, 1]
    }
}
