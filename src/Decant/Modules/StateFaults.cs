using Decant.Torch;

namespace Decant.Modules;

/// <summary>What keeps a set of weights from fitting a module.</summary>
internal static class StateFaults
{
    private const int Shown = 20;

    /// <summary>One line per fault, in the order of the names; at most 20 of them.</summary>
    public static IReadOnlyList<string> Between(
        IReadOnlyDictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> given, IReadOnlySet<Tensor> optional)
    {
        var faults = new List<string>();
        foreach (var (name, tensor) in own)
        {
            if (!given.TryGetValue(name, out var value))
            {
                if (!optional.Contains(tensor))
                    faults.Add($"missing: {name} {Shape(tensor)}");
            }
            else if (!tensor.Shape.AsSpan().SequenceEqual(value.Shape))
            {
                faults.Add($"shape: {name} is {Shape(tensor)} in the model, {Shape(value)} in the weights");
            }
        }

        var unexpected = given.Keys.Where(name => !own.ContainsKey(name)).Order(StringComparer.Ordinal);
        faults.AddRange(unexpected.Select(name => $"unexpected: {name} {Shape(given[name])}"));
        return Limited(faults);
    }

    /// <summary>The first of many lines, and how many there are.</summary>
    public static IReadOnlyList<string> Limited(IReadOnlyList<string> faults) =>
        faults.Count <= Shown ? faults : [.. faults.Take(Shown), $"… {faults.Count} faults in all"];

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}
