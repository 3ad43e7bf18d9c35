using Decant.Export.Gguf.Format;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.DistilBert;
using Decant.Models.Gpt2;
using Decant.Modules;

namespace Decant.Export.Gguf.Architectures;

/// <summary>A model as llama.cpp has it: its name for the family, the settings, and the tensors under its names.</summary>
/// <param name="Name">The family there: <c>llama</c>, <c>qwen2</c>, <c>qwen3</c>, <c>gpt2</c> or <c>bert</c>.</param>
internal sealed record GgufArchitecture(string Name)
{
    /// <summary>The settings, whose keys begin with the family's name.</summary>
    public List<KeyValuePair<string, object>> Settings { get; } = [];

    /// <summary>The tensors in the order of the network; all float32 so far.</summary>
    public List<GgufTensor> Tensors { get; } = [];

    /// <summary>What a reader must know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>How many tokens the model has rows for.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>That of a model.</summary>
    /// <exception cref="DecantException">llama.cpp has none that computes the same: the message says what is in the way.</exception>
    public static GgufArchitecture Of(Model model) => model switch
    {
        IConfigured { Config: RotaryDecoderConfig rotary } => RotaryArchitecture.Of(rotary, model.StateDict()),
        IConfigured { Config: Gpt2Config gpt } => Gpt2Architecture.Of(gpt, model.StateDict()),
        IConfigured { Config: BertConfig or DistilBertConfig } => BertArchitecture.Of((Models.Encoders.EncoderConfig)((IConfigured)model).Config, model.StateDict()),
        _ => throw new DecantException($"A model of kind '{model.Kind}' cannot be exported to GGUF: expected llama, mistral, qwen2, qwen3 or gpt2, or an encoder or distilbert that makes vectors. Export it to ONNX: --to onnx."),
    };

    /// <summary>A setting of the family.</summary>
    public void Set(string key, object value) => Settings.Add(new($"{Name}.{key}", value));

    /// <summary>A whole number of the family.</summary>
    public void Set(string key, long value) => Set(key, (object)checked((uint)value));

    /// <summary>A tensor as it is.</summary>
    public void Add(string name, Torch.Tensor tensor) => Tensors.Add(GgufTensor.Of(name, tensor));

    /// <summary>A tensor that is made when it is written.</summary>
    public void Add(string name, IReadOnlyList<long> shape, Func<Torch.Tensor> make) => Tensors.Add(new(name, shape, make));

    /// <summary>A linear layer: <c>NAME.weight</c> [out, in] and, if it has one, <c>NAME.bias</c>.</summary>
    public void AddLinear(string name, StoredLayer part, string layer, bool isTurned = false)
    {
        Add(name + ".weight", part.Shape(layer, isTurned), () => part.Matrix(layer, isTurned));
        if (part.Bias(layer) is { } bias)
            Add(name + ".bias", bias);
    }

    /// <summary>A norm: <c>NAME.weight</c> and, if it has one, <c>NAME.bias</c>.</summary>
    public void AddNorm(string name, StoredLayer part, string layer)
    {
        Add(name + ".weight", part.Tensor(layer + ".weight"));
        if (part.Find(layer + ".bias") is { } bias)
            Add(name + ".bias", bias);
    }

    /// <summary>That llama.cpp has nothing that a model has.</summary>
    public static DecantException Refused(string what) => new($"The model cannot be exported to GGUF: {what}. Export it to ONNX (--to onnx), or train one without it.");
}
