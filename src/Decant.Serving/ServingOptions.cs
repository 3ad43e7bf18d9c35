using Decant.Inference;
using Decant.Serving.Limits;

namespace Decant.Serving;

/// <summary>What is served, to whom, and how much of it.</summary>
public sealed record ServingOptions
{
    /// <summary>The folders that <c>decant export … --to onnx</c> wrote, by the names that requests have for them; one or more.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>The bearer token that requests must bring, 16 or more visible ASCII characters; null, the default: none is needed. <see cref="DecantServer"/> needs one wherever other machines reach it.</summary>
    public string? Token { get; init; }

    /// <summary>The names that the Host header of a request may have, without the port; null: any in a program of your own, and those of this machine in a <see cref="DecantServer"/> on a loopback address.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    /// <summary>How much is taken on.</summary>
    public ServingLimits Limits { get; init; } = new();

    /// <summary>How models are run; null, the default: as <see cref="InferenceOptions"/> has it.</summary>
    public InferenceOptions? Inference { get; init; }
}
