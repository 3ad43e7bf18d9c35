namespace Decant.Inference;

/// <summary>How an exported model is loaded and run.</summary>
public sealed record InferenceOptions
{
    /// <summary>Which of the folder's ONNX files: what stands behind <c>model_</c> in its name, such as <c>quantized</c>, <c>int8</c>, <c>fp16</c> or <c>q4</c>. Null, the default: <c>model.onnx</c>, else <c>model_quantized.onnx</c>, else the only one there is.</summary>
    public string? Form { get; init; }

    /// <summary>How many threads compute one call, 1 or more. Null, the default: one for files of up to 64 MiB, which is the fastest for small models, else one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>The most tokens of a text, special ones included; what is longer is cut. Null, the default: as many as the model reads. At least 3.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How many texts or images are computed together when several are given; default: 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The options, null being the default ones, if every one is in its range.</summary>
    /// <exception cref="DecantException">One is not.</exception>
    internal static InferenceOptions Checked(InferenceOptions? options)
    {
        options ??= new();
        if (options.Threads is < 1)
            throw new DecantException($"InferenceOptions: expected Threads of 1 or more, or null, came {options.Threads}.");
        if (options.BatchSize < 1)
            throw new DecantException($"InferenceOptions: expected a BatchSize of 1 or more, came {options.BatchSize}.");
        return options;
    }
}
