using Decant.Modules;

namespace Decant.Runs.Running;

/// <summary>The models that one seed left, by arm.</summary>
internal sealed class SeedOutcome(long seed) : IDisposable
{
    private readonly Dictionary<string, Entry> _models = [];
    private readonly List<IDisposable> _owned = [];

    public long Seed => seed;

    public IEnumerable<string> Arms => _models.Keys;

    public Model this[string arm] => _models[arm].Model;

    /// <summary>Takes a model, to be disposed with the others.</summary>
    public Model Add(string arm, Model model)
    {
        Own(model);
        return Note(arm, model, seed, isShared: false);
    }

    /// <summary>Notes a model that stays its owner's.</summary>
    /// <param name="arm">Its arm.</param>
    /// <param name="model">The model.</param>
    /// <param name="of">The seed that it was made with.</param>
    /// <param name="isShared">Whether the other seeds have the same model.</param>
    public Model Note(string arm, Model model, long of, bool isShared)
    {
        _models.Add(arm, new(model, of, isShared));
        return model;
    }

    /// <summary>Takes something to be disposed with the models.</summary>
    public void Own(IDisposable owned) => _owned.Add(owned);

    /// <summary>The seed that an arm's model was made with.</summary>
    public long SeedOf(string arm) => _models[arm].Seed;

    /// <summary>Whether the other seeds have the same model.</summary>
    public bool IsShared(string arm) => _models[arm].IsShared;

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
        _owned.Clear();
        _models.Clear();
    }

    private sealed record Entry(Model Model, long Seed, bool IsShared);
}
