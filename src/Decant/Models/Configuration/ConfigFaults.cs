using System.Globalization;

namespace Decant.Models.Configuration;

/// <summary>Collects what is wrong with a model's settings, to report all of it at once.</summary>
/// <param name="config">The settings.</param>
internal sealed class ConfigFaults(ModelConfig config)
{
    /// <summary>Twice what the deepest published networks have.</summary>
    private const int MostLayers = 2000;

    private const int MostSizes = 1000;

    private const long MostWidth = 1 << 24;

    private readonly List<string> _faults = [];

    /// <summary>Notes a fault unless the condition holds: what was expected, what came, what to do.</summary>
    public void Unless(bool condition, string fault)
    {
        if (!condition)
            _faults.Add(fault);
    }

    /// <summary>Notes a width, or another size of which several are multiplied, that is not from 1 to what is built: no product overflows then.</summary>
    public void UnlessPositive(long value, string name)
    {
        Unless(value >= 1, $"{name} is {value}; at least 1 is needed");
        Unless(value <= MostWidth, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; at most {MostWidth:N0} is built"));
    }

    /// <summary>Notes a number of rows, of tokens or positions, that is not at least 1; whether they fit is a matter of memory.</summary>
    public void UnlessRows(long value, string name) => Unless(value >= 1, $"{name} is {value}; at least 1 is needed");

    /// <summary>Notes a number of layers that is not from 1 to what is built.</summary>
    public void UnlessLayers(long value, string name) =>
        Unless(value is >= 1 and <= MostLayers, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; from 1 to {MostLayers:N0} are built"));

    /// <summary>Notes a list of widths that is longer than what is built, or has one that is.</summary>
    public void UnlessFew(IReadOnlyList<int> sizes, string name)
    {
        Unless(sizes.Count <= MostSizes, string.Create(CultureInfo.InvariantCulture, $"{name} has {sizes.Count:N0} numbers; at most {MostSizes:N0} are built"));
        var large = sizes.FirstOrDefault(s => s > MostWidth);
        Unless(large == 0, string.Create(CultureInfo.InvariantCulture, $"{name} has {large}; at most {MostWidth:N0} is built"));
    }

    /// <summary>The first of many sizes, for a message.</summary>
    public static string Shown<T>(IReadOnlyList<T> sizes) => string.Join(", ", sizes.Take(20)) + (sizes.Count > 20 ? ", …" : "");

    /// <summary>Notes a probability of dropout that is not from 0 to below 1.</summary>
    public void UnlessDropout(double value, string name) =>
        Unless(value is >= 0 and < 1, $"{name} is {value}; a probability from 0 to below 1 is needed");

    /// <summary>Throws if there are faults.</summary>
    public void Throw()
    {
        if (_faults.Count > 0)
            throw new DecantException($"The {config.ModelType} model cannot be built: {string.Join("; ", _faults)}.");
    }
}
