using Decant.Torch.Interop;

namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_detach = new("aten::detach");
    private static readonly Operator s_setData = new("aten::set_data");

    /// <summary>Whether autograd records what is done with this tensor.</summary>
    /// <exception cref="TorchException">Set to true for elements that are not floating-point, or to false for a tensor that is not a leaf.</exception>
    public bool RequiresGrad
    {
        get => TensorMemory.Describe(this).RequiresGrad != 0;
        set => AutogradCalls.SetRequiresGrad(this, value);
    }

    /// <summary>Whether the tensor was made by the user and not by a recorded operator.</summary>
    public bool IsLeaf => TensorMemory.Describe(this).Leaf != 0;

    /// <summary>The gradient that backward has summed up so far, or null. Every read is a new reference, owned like any result.</summary>
    /// <remarks>Setting takes a reference of its own: the caller keeps and disposes its own. Only leaves keep a gradient.</remarks>
    /// <exception cref="TorchException">What is set has another shape, dtype or device, or is the tensor itself.</exception>
    public Tensor? Grad
    {
        get => Results.Tensor(AutogradCalls.GetGrad(this));
        set => AutogradCalls.SetGrad(this, value);
    }

    /// <summary>Whether backward has left a gradient. Makes no tensor, as reading <see cref="Grad"/> does.</summary>
    public bool HasGrad => AutogradCalls.HasGrad(this);

    /// <summary>Adds the gradient of this scalar to the <see cref="Grad"/> of every leaf that took part.</summary>
    /// <param name="gradient">What flows in, of this tensor's shape; null is 1 and needs a scalar.</param>
    /// <param name="retainGraph">Keep the graph for another backward; default false.</param>
    /// <param name="createGraph">Record the backward itself; default false.</param>
    /// <exception cref="TorchException">Not a scalar and no gradient given, nothing recorded, or the graph is gone.</exception>
    public void Backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false) =>
        AutogradCalls.Backward([this], gradient is null ? [] : [gradient], retainGraph || createGraph, createGraph);

    /// <summary>The same elements, cut off from the graph.</summary>
    public Tensor Detach() => s_detach.Call(this);

    /// <summary>Exchanges the elements for those of another tensor of any shape, type and device: this stays the same leaf.</summary>
    /// <remarks>Views made before keep the old elements. <see cref="LiveBytes"/> goes on counting what the tensor spanned when it was made.</remarks>
    public void SetData(Tensor source)
    {
        s_setData.Run(this, source);
        ForgetShape();
    }
}
