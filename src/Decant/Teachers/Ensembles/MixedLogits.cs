using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>What several teachers say, before it is made one: of a large vocabulary, the logits of all rows together may not fit in memory.</summary>
/// <param name="Members">Their answers, K of them.</param>
/// <param name="Mixture">How they become one.</param>
/// <param name="Labels">[R], for weights that go by labels; the batch's.</param>
internal sealed record MixedLogits(IReadOnlyList<TeacherSignal> Members, Mixture Mixture, Tensor? Labels) : TeacherSignal
{
    public override IReadOnlyList<Tensor> Tensors => [.. Members.SelectMany(m => m.Tensors)];

    public override TeacherSignal Rows(long first, long count) => Mixed([.. Members.Select(m => m.Rows(first, count))], Labels?.Narrow(0, first, count));

    public override TeacherSignal Whole() => Mixed(Members, Labels);

    private DenseLogits Mixed(IReadOnlyList<TeacherSignal> parts, Tensor? labels)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        return new DenseLogits(scope.Keep(Mixture.Answer([.. parts.Select(p => ((DenseLogits)p.Whole()).Logits)], labels)));
    }
}
