using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>A model that answers arrays of numbers of one shape with logits. Safe to use from several threads.</summary>
internal sealed class ImageModel : IDisposable
{
    private static readonly string[] s_images = ["pixel_values"];
    private static readonly string[] s_vectors = ["features"];
    private static readonly string[] s_outputs = ["logits"];

    private readonly OnnxModel _model;
    private readonly string[] _inputs;
    private readonly int _classes;

    /// <summary>Takes over a loaded file; where the shape is known it is run once, so that one that does not fit is refused here.</summary>
    /// <param name="model">The file.</param>
    /// <param name="shape">The shape of a sample in the settings; null: they do not say.</param>
    /// <param name="classes">C, the classes in the settings.</param>
    /// <exception cref="DecantException">Inputs, outputs and settings do not belong together.</exception>
    public ImageModel(OnnxModel model, IReadOnlyList<long>? shape, int classes)
    {
        (_model, _classes) = (model, classes);
        _inputs = model.Inputs.ContainsKey(s_vectors[0]) ? s_vectors : s_images;
        SessionCheck.Inputs(model, _inputs);
        SessionCheck.Type(model, _inputs[0], model.Inputs[_inputs[0]], TensorElementType.Float);
        SessionCheck.Type(model, SessionCheck.Output(model, s_outputs), model.Outputs[s_outputs[0]], TensorElementType.Float);
        var own = model.Inputs[_inputs[0]].Dimensions.Skip(1).Select(size => (long)size).ToArray();
        Shape = shape is null ? own : Fits(own, shape) ? shape : throw new DecantException(
            $"{model.Path} reads samples of the shape [{string.Join(", ", own)}], and config.json says [{string.Join(", ", shape)}]: they belong to two models. Export the model again.");
        if (Shape.All(size => size > 0))
            Ask([new float[checked((int)Shape.Aggregate(1L, (product, size) => checked(product * size)))]], [.. Shape]);
    }

    /// <summary>The shape of a sample; −1 where any size will do.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The shape of samples that are given.</summary>
    /// <param name="given">What the caller says; null: the model's own.</param>
    /// <exception cref="DecantException">It is not one that the model reads.</exception>
    public long[] ShapeOf(IReadOnlyList<long>? given)
    {
        var shape = given ?? Shape;
        return shape.All(size => size > 0) && Fits(Shape, shape) ? [.. shape] : throw new DecantException(
            $"{_model.Path}: expected samples of the shape [{string.Join(", ", Shape)}], where −1 is any size, came [{string.Join(", ", shape)}]. Give the shape of the image.");
    }

    /// <summary>A sample that has a shape.</summary>
    /// <exception cref="DecantException">It has more or fewer numbers.</exception>
    public static ReadOnlyMemory<T> Fitting<T>(ReadOnlyMemory<T> sample, long[] shape, int index)
    {
        var size = shape.Aggregate(1L, (product, side) => checked(product * side));
        return sample.Length == size ? sample : throw new DecantException($"Image {index + 1}: expected {size} numbers for the shape [{string.Join(", ", shape)}], came {sample.Length}.");
    }

    /// <summary>The logits [B · C] of samples that have the shape.</summary>
    /// <exception cref="DecantException">A number is not finite, or the model could not be run.</exception>
    public float[] Ask(ReadOnlySpan<ReadOnlyMemory<float>> samples, long[] shape)
    {
        var size = checked((int)shape.Aggregate(1L, (product, side) => product * side));
        var values = new float[checked(samples.Length * size)];
        for (var i = 0; i < samples.Length; i++)
            samples[i].Span.CopyTo(values.AsSpan(i * size, size));

        using var input = OrtValue.CreateTensorValueFromMemory(values, [samples.Length, .. shape]);
        using var answers = _model.Run(_inputs, [input], s_outputs);
        if (answers[0].GetTensorTypeAndShape().Shape is not [var rows, var classes] || rows != samples.Length || classes != _classes)
            throw new DecantException($"{_model.Path}: expected logits [{samples.Length}, {_classes}], as config.json names {_classes} classes, came [{string.Join(", ", answers[0].GetTensorTypeAndShape().Shape)}]. They belong to two models; export the model again.");
        var logits = answers[0].GetTensorDataAsSpan<float>().ToArray();
        return Array.TrueForAll(logits, float.IsFinite) ? logits : throw new DecantException($"{_model.Path}: the model's answer is not a finite number: its weights are not usable, or the image has numbers that are not finite.");
    }

    /// <summary>Releases the model as soon as nothing runs.</summary>
    public void Dispose() => _model.Dispose();

    private static bool Fits(IReadOnlyList<long> known, IReadOnlyList<long> shape) =>
        known.Count == shape.Count && known.Zip(shape).All(pair => pair.First < 0 || pair.First == pair.Second);
}
