using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>One layer: attention and a feed-forward part, each of the normed states and added to them (pre-norm).</summary>
internal sealed class DecoderLayer : Module
{
    private readonly ILayer _firstNorm;
    private readonly MultiHeadAttention _attention;
    private readonly ILayer _secondNorm;
    private readonly DecoderMlp _mlp;
    private readonly Dropout _dropout;

    public DecoderLayer(DecoderPlan plan, int index, Generator? generator)
    {
        var names = plan.Names;
        var ranks = plan.Blocks.RanksOf(index);
        Window = plan.Window(index);
        _firstNorm = (ILayer)RegisterModule(names.FirstNorm, plan.Norm());
        _attention = RegisterModule(names.Attention, new MultiHeadAttention(plan.Attention(index) with { Names = names.InAttention, Ranks = InAttention(names.Attention, ranks) }, generator));
        _secondNorm = (ILayer)RegisterModule(names.SecondNorm, plan.Norm());
        _mlp = RegisterModule(names.Mlp, new DecoderMlp(plan, ranks, generator));
        _dropout = RegisterModule("resid_dropout", new Dropout(plan.ResidualDropout));
    }

    /// <summary>How many positions a token sees; null: all.</summary>
    public long? Window { get; }

    /// <summary>[B, T, H] to [B, T, H].</summary>
    public Tensor Forward(Tensor input, DecoderView view, KeyValueCache? cache)
    {
        using var scope = TensorScope.Open();
        var attended = _attention.Forward(_firstNorm.Forward(input), view.Bias(Window), rotation: view.Rotation, cache: cache);
        var x = _dropout.Forward(attended).Add(input);
        return RecordActivation(scope.Keep(_dropout.Forward(_mlp.Forward(_secondNorm.Forward(x))).Add(x)));
    }

    public long Flops(long length) => _attention.Flops(length) + _mlp.Flops(length);

    private static Dictionary<string, int> InAttention(string path, IReadOnlyDictionary<string, int> ranks) =>
        ranks.Where(r => r.Key.StartsWith(path + ".", StringComparison.Ordinal)).ToDictionary(r => r.Key[(path.Length + 1)..], r => r.Value, StringComparer.Ordinal);
}
