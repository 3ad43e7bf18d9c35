using Decant.Modules;

namespace Decant.Jobs;

/// <summary>The models that one seed left, by arm.</summary>
internal sealed class SeedOutcome(long seed) : IDisposable
{
    private readonly Dictionary<string, Model> _models = [];

    public long Seed => seed;

    public IEnumerable<string> Arms => _models.Keys;

    public Model this[string arm] => _models[arm];

    /// <summary>Takes a model, to be disposed with the others.</summary>
    public Model Add(string arm, Model model)
    {
        _models.Add(arm, model);
        return model;
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
            model.Dispose();
        _models.Clear();
    }
}
