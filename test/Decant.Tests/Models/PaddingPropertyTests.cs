using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Models;

public class PaddingPropertyTests
{
    [Theory, MemberData(nameof(Zoo.Readers), MemberType = typeof(Zoo))]
    public void Texts_of_any_lengths_in_any_order_have_the_logits_they_have_alone(string name)
    {
        using var model = Zoo.Create(name);
        model.Eval();
        var batches = Gen.Choose(1, 29).Select(t => (long)t).NonEmptyListOf().Where(t => t.Count <= 12).NonEmptyListOf().Where(b => b.Count <= 6);
        Prop.ForAll(batches.ToArbitrary(), batch =>
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            var together = model.Forward(Padded(batch));
            for (var row = 0; row < batch.Count; row++)
            {
                var alone = model.Forward(new ModelInput(Tensor.From(batch[row].ToArray(), 1, batch[row].Count)));
                GoldenCase.Close(alone, together.Narrow(0, row, 1), $"{name} row {row}", 1e-5);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private static ModelInput Padded(List<List<long>> batch)
    {
        var width = batch.Max(t => t.Count);
        var tokens = batch.SelectMany(t => t.Concat(Enumerable.Repeat(0L, width - t.Count))).ToArray();
        var mask = batch.SelectMany(t => Enumerable.Range(0, width).Select(i => i < t.Count)).ToArray();
        return new ModelInput(Tensor.From(tokens, batch.Count, width), Tensor.From(mask, batch.Count, width));
    }
}
