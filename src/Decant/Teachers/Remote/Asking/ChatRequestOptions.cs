using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Asking;

/// <summary>How answers are drawn, whatever is asked.</summary>
public abstract record ChatRequestOptions
{
    /// <summary>The temperature of samples; default: 1.</summary>
    [Description("sampling temperature of several answers to a text")]
    [Range(0.01, 100.0)]
    public double SampleTemperature { get; init; } = 1;

    /// <summary>The temperature of a single answer; null: the server's own, for models that take none. Default: 0.</summary>
    [Description("temperature of a single answer; null: none is sent, for models that take none")]
    [Range(0.0, 100.0)]
    public double? Temperature { get; init; } = 0;

    /// <summary>The random seed, to which the number of the sample is added; null: none is sent. Default: 0.</summary>
    [Description("random seed, to which the number of the sample is added; null: none is sent")]
    public long? Seed { get; init; } = 0;

    /// <summary>The options of one of several samples, or of a single answer.</summary>
    /// <param name="sample">Its number from 0; null: it is the only one.</param>
    /// <param name="mostTokens">The most tokens of the answer.</param>
    internal ChatOptions Request(int? sample, int mostTokens)
    {
        var asked = new ChatOptions { Temperature = (float?)(sample is null ? Temperature : SampleTemperature), Seed = Seed + (sample ?? 0), MaxOutputTokens = mostTokens };
        return sample is { } number ? asked.WithSample(number) : asked;
    }

    /// <summary>What is wrong with them; null: nothing.</summary>
    internal string? Fault() =>
        !double.IsFinite(SampleTemperature) || SampleTemperature <= 0 ? FormattableString.Invariant($"temperature of samples: expected more than 0, came {SampleTemperature}")
        : Temperature is { } single && !(double.IsFinite(single) && single >= 0) ? FormattableString.Invariant($"temperature: expected 0 or more, came {single}")
        : null;
}
