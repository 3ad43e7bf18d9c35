using System.Reflection;
using Decant.Torch;

namespace Decant.Tests.Torch;

public class OperatorGoldenTests
{
    /// <summary>Public methods that take or give tensors and yet are no operators: what else there is of them is tested elsewhere.</summary>
    private static readonly string[] s_noOperators =
        ["From", "ViewOf", "ToArray", "AsSpan", "Item", "Size", "Backward", "Dispose", "ToString", "Equals", "GetHashCode", "GetType"];

    /// <summary>Whose gradient is not the derivative, by definition: no gradient for padding; shared among equals; 0 where the function jumps.</summary>
    private static readonly string[] s_notDerivatives = ["embedding", "max of equals", "round halves"];

    public static TheoryData<string> Names => [.. OperatorCases.All.Select((c, i) => $"{i} {c.Name}")];

    /// <summary>The cases that have a derivative to compare with.</summary>
    public static TheoryData<string> Differentiable => [.. Names.Select(row => row.Data).Where(name => Find(name) is var (operation, golden) && !s_notDerivatives.Contains(operation.Name) && Compared(golden).Any())];

    [Fact]
    public void Every_public_operator_method_has_a_golden_case()
    {
        var methods = new[] { typeof(Tensor), typeof(Functional), typeof(Foreach) }
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => (!m.IsSpecialName || m.Name.StartsWith("op_")) && !s_noOperators.Contains(m.Name))
            .ToList();
        var covered = OperatorCases.All.SelectMany(c => c.Covers).ToHashSet();
        Assert.True(methods.Count > 150, $"only {methods.Count} methods were found");
        Assert.Empty(methods.Where(m => !covered.Contains(m)).Select(m => $"{m.DeclaringType!.Name}.{m}"));
    }

    [Fact]
    public void Every_golden_case_is_used() =>
        Assert.Empty(OperatorFixture.Loaded.Cases.Keys.Except(OperatorCases.All.Select(c => c.Name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Operators_give_PyTorchs_numbers_and_gradients(string name)
    {
        var (operation, golden) = Find(name);
        using var scope = TensorScope.Open();
        var leaves = golden.Leaves();
        var given = leaves.Select(l => l.Clone()).ToArray();

        var outputs = operation.Run(given);

        Assert.Equal(golden.Outputs.Length, outputs.Length);
        for (var i = 0; i < outputs.Length; i++)
            Same(golden.Outputs[i], outputs[i], $"output {i}");
        for (var i = 0; i < given.Length && !operation.ChangesArguments; i++)
            Same(golden.After.GetValueOrDefault(i.ToString(), golden.Inputs[i]), given[i], $"input {i} after the call");
        CompareGradients(golden, leaves, outputs);
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Gradients_agree_with_central_differences(string name)
    {
        var (operation, golden) = Find(name);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var i in Compared(golden))
            CompareDifferences(operation, golden, i, golden.Gradients[i]!.Numbers());
    }

    /// <summary>The inputs of doubles that have a gradient.</summary>
    private static IEnumerable<int> Compared(OperatorFixture.Golden golden) =>
        Enumerable.Range(0, golden.Gradients.Length).Where(i => golden.Gradients[i] is not null && golden.Inputs[i].Type == DType.Float64);

    private static void CompareGradients(OperatorFixture.Golden golden, Tensor[] leaves, Tensor[] outputs)
    {
        Assert.Equal(golden.Seeds.Select(s => s is not null), outputs.Select(o => o.RequiresGrad));
        var wanted = leaves.Where(l => l.RequiresGrad).ToArray();
        if (wanted.Length == 0 || golden.Seeds.All(s => s is null))
            return;
        var recorded = outputs.Where(o => o.RequiresGrad).ToArray();
        var seeds = golden.Seeds.Where(s => s is not null).Select(s => s!.ToTensor()).ToArray();
        var found = new Queue<Tensor?>(Autograd.Grad(recorded, wanted, seeds, allowUnused: true));
        for (var i = 0; i < leaves.Length; i++)
        {
            if (!leaves[i].RequiresGrad)
                continue;
            var gradient = found.Dequeue();
            Assert.Equal(golden.Gradients[i] is null, gradient is null);
            if (gradient is not null)
                Same(golden.Gradients[i]!, gradient, $"gradient of input {i}");
        }
    }

    /// <summary>(f(x + h) − f(x − h)) ÷ 2h, f the sum of outputs·seeds; where outputs are single, h is coarse and the operator must be linear.</summary>
    private static void CompareDifferences(OperatorCase operation, OperatorFixture.Golden golden, int input, double[] expected)
    {
        var exact = golden.Outputs.All(o => o.Type != DType.Float32);
        var (h, tolerance) = exact ? (1e-6, 2e-7) : (0.25, 1e-5);
        for (var element = 0; element < expected.Length; element++)
        {
            var difference = (At(element, h) - At(element, -h)) / (2 * h);
            Assert.True(
                Math.Abs(difference - expected[element]) <= tolerance * Math.Max(1, Math.Abs(expected[element])),
                $"input {input}, element {element}: autograd says {expected[element]}, differences say {difference}");
        }

        double At(int element, double shift)
        {
            using var scope = TensorScope.Open();
            var inputs = golden.Inputs.Select(v => v.ToTensor()).ToArray();
            inputs[input].AsSpan<double>()[element] += shift;
            var outputs = operation.Run(inputs);
            return outputs.Select((o, i) => golden.Seeds[i] is { } seed ? (o * seed.ToTensor()).Sum().Item() : 0).Sum();
        }
    }

    private static void Same(OperatorFixture.Values expected, Tensor actual, string what)
    {
        Assert.Equal(expected.Type, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        var tolerance = expected.Type == DType.Float32 ? 1e-6 : 1e-11;
        var numbers = actual.To(DType.Float64).ToArray<double>();
        foreach (var ((want, got), i) in expected.Numbers().Zip(numbers).Select((pair, i) => (pair, i)))
        {
            Assert.True(
                want.Equals(got) || Math.Abs(want - got) <= tolerance * Math.Max(1, Math.Abs(want)),
                $"{what}, element {i}: PyTorch has {want}, here is {got}");
        }
    }

    private static (OperatorCase Operation, OperatorFixture.Golden Golden) Find(string name)
    {
        var operation = OperatorCases.All[int.Parse(name.Split(' ')[0])];
        return (operation, OperatorFixture.Loaded.Cases[operation.Name]);
    }
}
