using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>One block: attention and two linear layers, each added to what came in and normalised behind (post-norm).</summary>
internal sealed class BertLayer : Module
{
    private readonly BertAttention _attention;
    private readonly BertIntermediate _intermediate;
    private readonly BertOutput _output;

    public BertLayer(BertConfig config, Generator? generator)
    {
        _attention = RegisterModule("attention", new BertAttention(config, generator));
        _intermediate = RegisterModule("intermediate", new BertIntermediate(config, generator));
        _output = RegisterModule("output", new BertOutput(config, config.IntermediateSize, generator));
    }

    /// <summary>[B, T, H] to [B, T, H].</summary>
    public Tensor Forward(Tensor input, Tensor? bias)
    {
        using var scope = TensorScope.Open();
        var x = _attention.Forward(input, bias);
        return scope.Keep(_output.Forward(_intermediate.Forward(x), x));
    }

    public long Flops(long length) => _attention.Flops(length) + _intermediate.Flops(length) + _output.Flops(length);
}

/// <summary><c>self</c> (query, key, value) and <c>output</c>.</summary>
internal sealed class BertAttention : Module
{
    private readonly MultiHeadAttention _self;
    private readonly BertOutput _output;

    public BertAttention(BertConfig config, Generator? generator)
    {
        _self = RegisterModule(
            "self", new MultiHeadAttention(config.HiddenSize, config.NumAttentionHeads, config.AttentionProbsDropoutProb, output: false, generator));
        _output = RegisterModule("output", new BertOutput(config, config.HiddenSize, generator));
    }

    public Tensor Forward(Tensor input, Tensor? bias) => _output.Forward(_self.Forward(input, bias), input);

    public long Flops(long length) => _self.Flops(length) + _output.Flops(length);
}

/// <summary>A linear layer and the function behind it.</summary>
internal sealed class BertIntermediate : Module
{
    private readonly Linear _dense;
    private readonly Activation _activation;

    public BertIntermediate(BertConfig config, Generator? generator)
    {
        _dense = RegisterModule("dense", new Linear(config.HiddenSize, config.IntermediateSize, generator: generator));
        _activation = RegisterModule("intermediate_act_fn", new Activation(config.HiddenAct));
    }

    public Tensor Forward(Tensor input) => _activation.Forward(_dense.Forward(input));

    public long Flops(long length) => _dense.Flops(length);
}

/// <summary>A linear layer, dropout, the sum with what went around, a norm.</summary>
internal sealed class BertOutput : Module
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertOutput(BertConfig config, long inputs, Generator? generator)
    {
        _dense = RegisterModule("dense", new Linear(inputs, config.HiddenSize, generator: generator));
        _norm = RegisterModule("LayerNorm", new LayerNorm(config.HiddenSize, config.LayerNormEps));
        _dropout = RegisterModule("dropout", new Dropout(config.HiddenDropoutProb));
    }

    public Tensor Forward(Tensor input, Tensor around) => _norm.Forward(_dropout.Forward(_dense.Forward(input)) + around);

    public long Flops(long length) => _dense.Flops(length);
}
