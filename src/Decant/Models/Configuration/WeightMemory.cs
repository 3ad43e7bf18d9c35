using System.Globalization;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Configuration;

/// <summary>What the weights of a model need, known from its shapes before any of them is allocated.</summary>
internal static class WeightMemory
{
    /// <summary>More than any machine has; above it sizes would not be added up in 64 bits.</summary>
    private const double Most = 1L << 60;

    /// <summary>The bytes of all parameters and buffers.</summary>
    /// <exception cref="DecantException">They are more than 64 bits can count.</exception>
    public static long Of(Module model)
    {
        var bytes = model.NamedParameters().Concat(model.NamedBuffers())
            .Sum(t => t.Value.Shape.Aggregate((double)t.Value.DType.Size(), (product, size) => product * size));
        return bytes < Most ? (long)bytes : throw new DecantException($"its weights would take {Text(bytes)}, more than any machine has");
    }

    /// <summary>Refuses a model that does not fit into what is free.</summary>
    /// <param name="model">Its shapes.</param>
    /// <param name="kind">What it is, for people.</param>
    /// <param name="free">What there is.</param>
    /// <exception cref="DecantException">The numbers of both, and what to do.</exception>
    public static void Check(Module model, string kind, FreeMemory free)
    {
        var bytes = Of(model);
        if (bytes <= free.Bytes)
            return;
        var largest = model.NamedParameters().Concat(model.NamedBuffers()).MaxBy(t => t.Value.ElementCount);
        throw new DecantException(
            $"{kind} has {model.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)} parameters, which take {Text(bytes)}; {free.Limit} has {Text(free.Bytes)} free. " +
            $"The largest is {largest.Key} [{string.Join(", ", largest.Value.Shape)}]. Are the sizes as they were meant? Take a smaller model, or a machine with more memory.", ExitCodes.Machine);
    }

    /// <summary>Bytes for people: <c>4.1 TB</c>.</summary>
    public static string Text(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {units[unit]}");
    }
}
