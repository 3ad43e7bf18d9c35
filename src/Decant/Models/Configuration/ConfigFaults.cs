namespace Decant.Models;

/// <summary>Collects what is wrong with a model's settings, to tell all of it at once.</summary>
/// <param name="config">The settings.</param>
internal sealed class ConfigFaults(ModelConfig config)
{
    private readonly List<string> _faults = [];

    /// <summary>Notes a fault unless the condition holds: what was expected, what came, what to do.</summary>
    public void Unless(bool condition, string fault)
    {
        if (!condition)
            _faults.Add(fault);
    }

    /// <summary>Notes a size that is not at least 1.</summary>
    public void UnlessPositive(long value, string name) => Unless(value >= 1, $"{name} is {value}; at least 1 is needed");

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
