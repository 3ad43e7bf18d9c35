using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

public class ModelTests
{
    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Every_model_answers_with_one_logit_per_class(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        Assert.Equal([4, 3], model.Forward(Zoo.Input(name)).Shape);
        Assert.Equal(3, model.Classes);
        Assert.True(model.FlopsPerSample(Zoo.IsText(name) ? [9] : [3, 12, 12]) > 0);
    }

    [Theory, MemberData(nameof(Zoo.Readers), MemberType = typeof(Zoo))]
    public void Padding_changes_nothing(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval();
        GoldenCase.Close(model.Forward(Zoo.Input(name)), model.Forward(Zoo.Input(name, width: 17)), name, 1e-5);
        var polluted = Zoo.Input(name, width: 17);
        polluted = polluted with { Values = polluted.Values.MaskedFill(polluted.AttentionMask!.Not(), 13) };
        GoldenCase.Close(model.Forward(Zoo.Input(name)), model.Forward(polluted), name + " with other tokens under the mask", 1e-5);
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void In_evaluation_a_sample_has_the_same_logits_in_any_batch(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval();
        var input = Zoo.Input(name);
        var all = model.Forward(input);
        for (var row = 0; row < 4; row++)
            GoldenCase.Close(all.Narrow(0, row, 1), model.Forward(Zoo.Rows(input, row, 1)), $"{name} row {row}", 1e-5);
    }

    [Theory, MemberData(nameof(Zoo.Readers), MemberType = typeof(Zoo))]
    public void A_text_without_padding_needs_no_mask(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval();
        var input = Zoo.Input(name);
        foreach (var (row, length) in new[] { (0, 9), (1, 2), (3, 1) })
        {
            var alone = new ModelInput(input.Values.Narrow(0, row, 1).Narrow(1, 0, length));
            GoldenCase.Close(model.Forward(Zoo.Rows(input, row, 1)), model.Forward(alone), $"{name} row {row}", 1e-5);
        }
    }

    [Theory, MemberData(nameof(Zoo.Readers), MemberType = typeof(Zoo))]
    public void A_text_without_any_token_gives_finite_logits_and_gradients(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        var input = Zoo.Input(name) with { AttentionMask = Tensor.Zeros([4, 9], DType.Bool) };
        var logits = model.Forward(input);
        logits.Sum().Backward();
        Assert.All(logits.ToArray<float>(), x => Assert.True(float.IsFinite(x)));
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad is not { } g || g.IsFinite().All().Item() == 1, p.Key));
    }

    [Fact]
    public void Token_types_that_are_left_out_are_zero()
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create("encoder");
        model.Eval();
        var input = Zoo.Input("encoder");
        var types = input with { TokenTypes = input.Values.ZerosLike() };
        GoldenCase.Close(model.Forward(input), model.Forward(types), "types", 1e-6);
        Assert.NotEqual(model.Forward(input).ToArray<float>(), model.Forward(input with { TokenTypes = input.Values.OnesLike() }).ToArray<float>());
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Every_parameter_gets_a_gradient(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval(); // dropout may leave nothing of so few units
        model.Forward(Zoo.Input(name)).Square().Sum().Backward();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad is { } g && g.Abs().Sum().Item() > 0, p.Key));
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Evaluation_repeats_itself_and_training_with_dropout_does_not(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        var input = Zoo.Input(name);
        var dropsOut = model.NamedModules().Any(m => m.Value is Dropout { Probability: > 0 });
        if (dropsOut)
            Assert.NotEqual(model.Forward(input).ToArray<float>(), model.Forward(input).ToArray<float>());
        model.Eval();
        Assert.Equal(model.Forward(input).ToArray<float>(), model.Forward(input).ToArray<float>());
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others(string name)
    {
        using var one = Zoo.Create(name, 1);
        using var same = Zoo.Create(name, 1);
        using var other = Zoo.Create(name, 2);
        Assert.All(one.NamedParameters().Zip(same.NamedParameters()), p => Assert.Equal(p.First.Value.ToArray<float>(), p.Second.Value.ToArray<float>()));
        Assert.Contains(one.NamedParameters().Zip(other.NamedParameters()), p => !p.First.Value.ToArray<float>().SequenceEqual(p.Second.Value.ToArray<float>()));
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Steps_leave_no_tensor_behind(string name)
    {
        var before = Tensor.LiveCount;
        using (var model = Zoo.Create(name))
        {
            Step(model, name);
            var after = Tensor.LiveCount;
            for (var i = 0; i < 5; i++)
                Step(model, name);
            Assert.Equal(after, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void A_forward_pass_hands_out_its_logits_and_nothing_else(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        var input = Zoo.Input(name);
        var before = scope.Count;
        model.Forward(input);
        Assert.Equal(before + 1, scope.Count);
    }

    private static void Step(Model model, string name)
    {
        using var scope = TensorScope.Open();
        model.Forward(Zoo.Input(name)).Sum().Backward();
    }
}
