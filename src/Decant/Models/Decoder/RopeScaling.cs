using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Models.Decoder;

/// <summary>How rotations were stretched; the names are those of <c>rope_type</c>.</summary>
internal enum RopeType
{
    /// <summary>Not.</summary>
    Default,

    /// <summary>All by a factor.</summary>
    Linear,

    /// <summary>By a base that grows with the text.</summary>
    Dynamic,

    /// <summary>Slow ones, as Llama 3.1.</summary>
    Llama3,

    /// <summary>Slow ones along a ramp, and scores enlarged.</summary>
    Yarn,
}

/// <summary>The published settings <c>rope_scaling</c>. A key that is not among them is refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RopeScaling
{
    /// <summary>The way.</summary>
    public RopeType RopeType { get; init; }

    /// <summary>By how much.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Factor { get; init; }

    /// <summary>The length first trained on; null: <c>max_position_embeddings</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OriginalMaxPositionEmbeddings { get; init; }

    /// <summary>Of llama3: turns over that length below which a pair is slowed down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LowFreqFactor { get; init; }

    /// <summary>Of llama3: turns above which a pair is left alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HighFreqFactor { get; init; }

    /// <summary>Of yarn: what cosines and sines are multiplied by; null: by the paper's formula.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AttentionFactor { get; init; }

    /// <summary>Of yarn: turns above which a pair is left alone; null: 32.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BetaFast { get; init; }

    /// <summary>Of yarn: turns below which a pair is slowed down by the whole factor; null: 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BetaSlow { get; init; }

    /// <summary>Of yarn: with <see cref="MscaleAllDim"/>, the weights of the formula for the factor of cosines and sines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mscale { get; init; }

    /// <summary>Of yarn: the weight in the divisor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MscaleAllDim { get; init; }

    /// <summary>Of yarn: whether the ramp begins and ends at whole pairs; null: it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Truncate { get; init; }

    /// <summary>The rotations of a model.</summary>
    /// <param name="width">The width of a head.</param>
    /// <param name="base">The base of the powers.</param>
    /// <param name="positions"><c>max_position_embeddings</c>.</param>
    internal RotaryFrequencies Frequencies(int width, double @base, int positions)
    {
        var (factor, first) = (Factor ?? 1, OriginalMaxPositionEmbeddings ?? positions);
        return RopeType switch
        {
            RopeType.Linear => new LinearFrequencies(factor) { Width = width, Base = @base },
            RopeType.Dynamic => new DynamicFrequencies(factor, positions) { Width = width, Base = @base },
            RopeType.Llama3 => new Llama3Frequencies(factor, first, LowFreqFactor ?? 1, HighFreqFactor ?? 4) { Width = width, Base = @base },
            RopeType.Yarn => new YarnFrequencies(factor, first, AttentionFactor ?? Enlargement(factor))
            {
                Width = width,
                Base = @base,
                Fast = BetaFast ?? 32,
                Slow = BetaSlow ?? 1,
                Truncate = Truncate ?? true,
            },
            _ => new DefaultFrequencies { Width = width, Base = @base },
        };
    }

    /// <summary>The longest text: longer than <c>max_position_embeddings</c> where that still says the length first trained on.</summary>
    internal long MaxTokens(int positions) => RopeType switch
    {
        RopeType.Dynamic => (long)(positions * Math.Max(1, Factor ?? 1)),
        RopeType.Yarn => Math.Max(positions, (long)((OriginalMaxPositionEmbeddings ?? positions) * Math.Max(1, Factor ?? 1))),
        _ => positions,
    };

    internal void Check(ConfigFaults faults)
    {
        faults.Unless(RopeType == RopeType.Default || Factor is >= 1, $"rope_scaling of type {RopeType} has the factor {Factor?.ToString() ?? "null"}; at least 1 is needed");
        faults.Unless(
            RopeType != RopeType.Llama3 || (LowFreqFactor is { } low && HighFreqFactor is { } high && high > low && OriginalMaxPositionEmbeddings is not null),
            "rope_scaling of type Llama3 needs low_freq_factor below high_freq_factor, and original_max_position_embeddings");
        faults.Unless(OriginalMaxPositionEmbeddings is not < 1, $"original_max_position_embeddings is {OriginalMaxPositionEmbeddings}; at least 1 is needed");
    }

    /// <summary>Brings other ways of writing the settings into the one that is read: <c>rope_parameters</c>, and <c>type</c> for <c>rope_type</c>.</summary>
    internal static void Adopt(JsonObject config)
    {
        if (config["rope_parameters"] is JsonObject parameters)
        {
            config["rope_scaling"] = parameters.DeepClone();
            config.Remove("rope_parameters");
        }

        if (config["rope_scaling"] is not JsonObject scaling)
            return;
        Move(scaling, "type", scaling, "rope_type");
        Move(scaling, "rope_theta", config, "rope_theta");
        Move(scaling, "partial_rotary_factor", config, "partial_rotary_factor");
    }

    /// <summary>Whether the way is served.</summary>
    internal static bool IsServed(JsonNode scaling) => scaling is JsonObject settings
        && (settings["rope_type"] is not { } type || Enum.GetNames<RopeType>().Contains(type.ToString(), StringComparer.OrdinalIgnoreCase));

    private static void Move(JsonObject from, string key, JsonObject to, string name)
    {
        if (from[key] is not { } value)
            return;
        from.Remove(key);
        to[name] = ReferenceEquals(from, to) && to[name] is { } there ? there.DeepClone() : value;
    }

    private double Enlargement(double factor)
    {
        return Mscale is { } over && MscaleAllDim is { } under && over != 0 && under != 0 ? Of(over) / Of(under) : Of(1);

        double Of(double weight) => factor <= 1 ? 1 : (0.1 * weight * Math.Log(factor)) + 1;
    }
}
