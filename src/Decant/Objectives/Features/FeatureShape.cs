using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>What the dimensions of a value mean.</summary>
internal enum FeatureForm
{
    /// <summary>[R, H]: a vector for every row of the answer.</summary>
    Rows,

    /// <summary>[B, T, H]: a vector for every token.</summary>
    Tokens,

    /// <summary>[B, C, Y, X]: a vector of C channels for every place of an image.</summary>
    Image,
}

/// <summary>The shape of a value for a batch that was tried.</summary>
internal sealed record FeatureShape
{
    private FeatureShape(string name, FeatureForm form, IReadOnlyList<long> shape) => (Name, Form, Shape) = (name, form, shape);

    /// <summary>The model and the path, as in "The student's 'layer1.0'".</summary>
    public string Name { get; }

    /// <summary>What its dimensions mean.</summary>
    public FeatureForm Form { get; }

    /// <summary>Its sizes.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How long its vectors are.</summary>
    public long Width => Form == FeatureForm.Image ? Shape[1] : Shape[^1];

    /// <summary>A value of a model.</summary>
    /// <exception cref="DecantException">There is none at that path, or it is not of a known form.</exception>
    public static FeatureShape Of(FeatureMap map, string path)
    {
        var (shape, name) = (map.ShapeOf(path), $"{map.Owner}'s '{path}'");
        return shape.Count switch
        {
            2 => new(name, FeatureForm.Rows, shape),
            3 => new(name, FeatureForm.Tokens, shape),
            4 => new(name, FeatureForm.Image, shape),
            _ => throw new DecantException($"{name} is [{string.Join(", ", shape)}]; expected a vector for every sample [B, H], token [B, T, H] or place of an image [B, C, Y, X]."),
        };
    }

    /// <summary>As <c>'path' [B, T, 64]</c>.</summary>
    public override string ToString() => $"{Name} [{Form switch { FeatureForm.Rows => $"B, {Width}", FeatureForm.Tokens => $"B, T, {Width}", _ => $"B, {string.Join(", ", Shape.Skip(1))}" }}]";

    /// <summary>How many vectors of a batch count: rows, tokens that are no padding, images.</summary>
    public static long Count(FeatureForm form, Batch batch) => form switch
    {
        FeatureForm.Rows => batch.Rows,
        FeatureForm.Image => batch.Size,
        _ => batch.Tokens,
    };

    /// <summary>Checks a value against the batch that it was made of, before numbers of other places are compared.</summary>
    /// <exception cref="DecantException">It has not a vector for each of what counts.</exception>
    public void Check(Tensor value, Batch batch)
    {
        var fits = Form switch
        {
            FeatureForm.Rows => value.Dimensions == 2 && value.Size(0) == batch.Rows,
            FeatureForm.Tokens => value.Dimensions == 3 && batch.Values.Dimensions == 2 && value.Size(0) == batch.Values.Size(0) && value.Size(1) == batch.Values.Size(1),
            _ => value.Dimensions == 4 && value.Size(0) == batch.Size,
        };
        if (!fits)
            throw new DecantException($"{Name} is [{string.Join(", ", value.Shape)}] for inputs of [{string.Join(", ", batch.Values.Shape)}]; expected a vector for every {Thing(batch)}. Choose another path.");
    }

    private string Thing(Batch batch) => Form switch
    {
        FeatureForm.Rows => $"answer, [{batch.Rows}, {Width}]",
        FeatureForm.Tokens => $"token, [{batch.Values.Size(0)}, tokens, {Width}]",
        _ => $"image, [{batch.Size}, {Width}, height, width]",
    };
}
