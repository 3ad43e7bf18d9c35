using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Encoders;

namespace Decant.Models.FromTeacher;

/// <summary>The linear layers of a transformer's layer, under the names of its family, and what their outputs and inputs are.</summary>
/// <param name="Sizes">How many units there are.</param>
/// <param name="Layers">The end of the path of the list of layers.</param>
/// <param name="Linear">By path within a layer: what a linear layer's outputs and its inputs are numbered by.</param>
/// <param name="Inner">The path within a layer of what the feed-forward part computes between its linear layers, [B, T, I].</param>
/// <param name="IsTransposed">Whether weights are stored [in, out] (GPT-2) and not [out, in].</param>
internal sealed record TransformerParts(
    UnitSizes Sizes, string Layers, IReadOnlyDictionary<string, (UnitAxis Output, UnitAxis Input)> Linear, string Inner, bool IsTransposed)
{
    /// <summary>The parts of a family that has heads and feed-forward units.</summary>
    /// <exception cref="DecantException">It has none.</exception>
    public static TransformerParts Of(ModelConfig config) => config switch
    {
        EncoderConfig encoder => Of(encoder.Shape, encoder.Names),
        DecoderConfig decoder => Of(decoder.ToPlan()),
        _ => throw new DecantException(
            $"student.from-teacher: a model of type '{config.ModelType}' has no heads and feed-forward units whose importance can be measured; encoders (bert, distilbert, roberta) " +
            "and decoders (gpt2, llama, mistral, qwen2, qwen3) have, and cnn, resnet and imagenet-resnet have channels. Say importance: first, or give student.model instead."),
    };

    private static TransformerParts Of(EncoderShape shape, EncoderNames names) => new(
        new UnitSizes(shape.Layers, shape.Width, shape.Heads, shape.Heads, shape.Width / shape.Heads, shape.Intermediate),
        names.Layers,
        new Dictionary<string, (UnitAxis, UnitAxis)>(StringComparer.Ordinal)
        {
            [$"{names.Attention}.{names.Query}"] = (UnitAxis.Heads, UnitAxis.Hidden),
            [$"{names.Attention}.{names.Key}"] = (UnitAxis.Heads, UnitAxis.Hidden),
            [$"{names.Attention}.{names.Value}"] = (UnitAxis.Heads, UnitAxis.Hidden),
            [names.InnerOutput is { } inner ? $"{names.Attention}.{inner}" : names.AttentionOutput] = (UnitAxis.Hidden, UnitAxis.Heads),
            [names.Up] = (UnitAxis.Intermediate, UnitAxis.Hidden),
            [names.Down] = (UnitAxis.Hidden, UnitAxis.Intermediate),
        },
        "activation",
        IsTransposed: false);

    private static TransformerParts Of(DecoderPlan plan)
    {
        var (names, attention) = (plan.Names, plan.Attention(0));
        var heads = (int)attention.Heads;
        var keys = (int)(attention.KeyValueHeads ?? heads);
        var axis = keys == heads ? UnitAxis.Heads : UnitAxis.KeyValueHeads;
        var linear = new Dictionary<string, (UnitAxis, UnitAxis)>(StringComparer.Ordinal)
        {
            [$"{names.Attention}.{names.InAttention.Output}"] = (UnitAxis.Hidden, UnitAxis.Heads),
            [$"{names.Mlp}.{names.Up}"] = (UnitAxis.Intermediate, UnitAxis.Hidden),
            [$"{names.Mlp}.{names.Down}"] = (UnitAxis.Hidden, UnitAxis.Intermediate),
        };
        if (names.Gate is { } gate)
            linear[$"{names.Mlp}.{gate}"] = (UnitAxis.Intermediate, UnitAxis.Hidden);
        if (names.InAttention.Joint is { } joint)
        {
            linear[$"{names.Attention}.{joint}"] = (UnitAxis.Heads, UnitAxis.Hidden);
        }
        else
        {
            linear[$"{names.Attention}.{names.InAttention.Query}"] = (UnitAxis.Heads, UnitAxis.Hidden);
            linear[$"{names.Attention}.{names.InAttention.Key}"] = (axis, UnitAxis.Hidden);
            linear[$"{names.Attention}.{names.InAttention.Value}"] = (axis, UnitAxis.Hidden);
        }

        var sizes = new UnitSizes(plan.Layers, plan.Width, heads, keys, (int)(attention.HeadWidth ?? (attention.Width / heads)), plan.Intermediate);
        return new TransformerParts(sizes, names.Layers, linear, $"{names.Mlp}.{DecoderMlp.Inner}", names.InAttention.Joint is not null);
    }
}
