using Decant.Torch;

namespace Decant.Modules;

/// <summary>What a layer computes with in place of its weights and its input while it learns for fewer bits: the numbers that these can hold.</summary>
/// <remarks>Gradients pass straight through the rounding, as if it were not there (Bengio, Léonard and Courville 2013, arXiv:1308.3432).</remarks>
internal abstract class OperandRounding
{
    /// <summary>The weights as they are stored, in their own shape; of an embedding the rows that were looked up, [.., H].</summary>
    public abstract Tensor Weight(Tensor weight);

    /// <summary>The input as it is multiplied; the default: as it comes.</summary>
    public virtual Tensor Input(Tensor input) => input;

    /// <summary>The output as everything behind the layer reads it; the default: as it was computed.</summary>
    public virtual Tensor Output(Tensor output) => output;

    /// <summary>What of the rounding itself is learned, a part of its layer while it is there; null: nothing.</summary>
    public virtual Module? Trained => null;

    /// <summary>The rounded numbers, exactly, with the gradient of those that were not.</summary>
    protected static Tensor StraightThrough(Tensor value, Tensor rounded) => rounded.Detach() + (value - value.Detach());
}
