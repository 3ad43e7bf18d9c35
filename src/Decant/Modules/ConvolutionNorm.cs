using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Modules;

/// <summary>
/// A convolution, its batch norm, and what follows, with fewer passes over the image than each by itself: in evaluation without gradients the norm is folded into
/// the convolution's weights, and sums and ReLU work in place on values that are not needed any more; in training norm, sum and ReLU are one operator. The values are the same but for the last bits.
/// </summary>
internal static class ConvolutionNorm
{
    // Folding makes new weights in every call, so that they are never those of before an update; of a small batch it would cost more than it saves.
    private const long FewestValuesPerWeight = 8;

    /// <summary>norm(convolution(input)), plus another image, through ReLU.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="norm">Its norm.</param>
    /// <param name="input">[B, in, H, W].</param>
    /// <param name="around">[B, out, H', W'], added before ReLU; null: nothing is.</param>
    /// <returns>[B, out, H', W'].</returns>
    public static Tensor Relu(Conv2d convolution, BatchNorm2d norm, Tensor input, Tensor? around = null)
    {
        var isRecorded = ActivationRecorder.Current is not null; // then every value must stay as it was seen
        if (!isRecorded && norm.IsTraining)
            return norm.TrainRelu(convolution.Forward(input), around);
        var values = !isRecorded && IsFolded(convolution, norm, input) ? Folded(convolution, norm, input) : norm.Forward(convolution.Forward(input));
        if (isRecorded)
            return (around is null ? values : values + around).Relu();
        if (around is not null)
            values.AddInPlace(around);
        values.ReluInPlace();
        return values;
    }

    private static bool IsFolded(Conv2d convolution, BatchNorm2d norm, Tensor input) =>
        !norm.IsTraining && !Autograd.IsEnabled
        && (OperatorRecorder.IsOpen
            || input.Size(0) * convolution.OutputSize(input.Size(2)) * convolution.OutputSize(input.Size(3)) * norm.Channels >= FewestValuesPerWeight * convolution.Weight.ElementCount);

    private static Tensor Folded(Conv2d convolution, BatchNorm2d norm, Tensor input)
    {
        var (factor, shift) = norm.AsAffine();                                                  // [out], [out]
        var weight = convolution.Weight * factor.Reshape(-1, 1, 1, 1);
        var bias = convolution.Bias is { } own ? (own * factor) + shift : shift;
        return convolution.Forward(input, weight, bias);
    }
}
