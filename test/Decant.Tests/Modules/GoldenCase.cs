using Decant.Export.Safetensors;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Modules;

/// <summary>A case of Golden/Models: weights, inputs, and what PyTorch made of them, forwards and backwards.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();
    private readonly Dictionary<string, Tensor> _tensors;

    private GoldenCase(Dictionary<string, Tensor> tensors) => _tensors = tensors;

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden", "Models");

    /// <summary>An input by name.</summary>
    public Tensor this[string name] => _tensors["input." + name];

    /// <summary>What PyTorch answered.</summary>
    public Tensor Output => _tensors["output"];

    public bool Has(string name) => _tensors.ContainsKey("input." + name);

    public static GoldenCase Open(string name)
    {
        var golden = new GoldenCase(new(StringComparer.Ordinal));
        using var file = SafetensorsFile.Open(Path.Combine(Folder, name + ".safetensors"));
        foreach (var key in file.Entries.Keys)
            golden._tensors[key] = file.Read(key);
        foreach (var (key, tensor) in golden._tensors)
        {
            if (key.StartsWith("input.", StringComparison.Ordinal) && tensor.DType == DType.Float32)
                tensor.RequiresGrad = true;
        }

        return golden;
    }

    /// <summary>The entries whose names begin so, without that beginning.</summary>
    public Dictionary<string, Tensor> Under(string prefix) => _tensors
        .Where(t => t.Key.StartsWith(prefix + ".", StringComparison.Ordinal))
        .ToDictionary(t => t.Key[(prefix.Length + 1)..], t => t.Value, StringComparer.Ordinal);

    /// <summary>Loads the weights, runs forwards and backwards, and compares everything with PyTorch's numbers.</summary>
    public static void Check(string name, Module module, Func<GoldenCase, Tensor> forward, bool training = false, double tolerance = 2e-5, double? gradients = null)
    {
        var slope = gradients ?? tolerance;
        using var golden = Open(name);
        module.LoadStateDict(golden.Under("state"));
        module.Train(training);
        var output = forward(golden);
        Close(golden._tensors["output"], output, name + " output", tolerance);
        foreach (var (buffer, expected) in golden.Under("after"))
            Close(expected, module.StateDict()[buffer], name + " buffer " + buffer, tolerance);
        output.Backward(golden._tensors["seed"]);
        foreach (var (input, expected) in golden.Under("grad.input"))
            Close(expected, golden[input].Grad!, name + " gradient of input " + input, slope);
        var expectedGradients = golden.Under("grad").Where(g => !g.Key.StartsWith("input.", StringComparison.Ordinal)).ToDictionary(g => g.Key, g => g.Value);
        Assert.Equal(expectedGradients.Keys.Order(StringComparer.Ordinal), module.NamedParameters().Select(p => p.Key).Order(StringComparer.Ordinal));
        foreach (var (parameter, tensor) in module.NamedParameters())
            Close(expectedGradients[parameter], tensor.Grad!, name + " gradient of " + parameter, slope);
    }

    /// <summary>Equal shapes, and numbers that differ by at most the tolerance, absolute and relative.</summary>
    public static void Close(Tensor expected, Tensor actual, string what, double tolerance = 2e-5)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var left = expected.To(DType.Float64).ToArray<double>();
        var right = actual.To(DType.Float64).ToArray<double>();
        for (var i = 0; i < left.Length; i++)
        {
            Assert.True(
                Math.Abs(left[i] - right[i]) <= tolerance * (1 + Math.Abs(left[i])), $"{what}: at {i} expected {left[i]}, came {right[i]}");
        }
    }

    public void Dispose() => _scope.Dispose();
}
