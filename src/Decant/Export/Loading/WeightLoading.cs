using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Loading;

/// <summary>Copies stored weights into a model.</summary>
internal static class WeightLoading
{
    /// <exception cref="DecantException">Names, shapes or types that do not fit: all of them at once. Nothing was copied.</exception>
    public static LoadedWeights Load(Weights weights, Module module, bool newHead)
    {
        var match = new KeyMatch(module, weights.Tensors, newHead);
        using var scope = TensorScope.Open();
        CheckTwins(weights, match);
        if (match.Faults.Count > 0)
            throw new DecantException(Message(module, match));
        using (Autograd.NoGrad())
        {
            foreach (var (tensor, name) in match.Taken)
            {
                using var part = TensorScope.Open();
                tensor.CopyInPlace(weights.View(name));
            }
        }

        return new LoadedWeights(weights.Path, [.. weights.Remarks, .. match.Remarks()], match.Drawn, match.LeftOut);
    }

    /// <summary>Refuses what would not fit, by names, shapes and types alone; the model may have no memory.</summary>
    /// <exception cref="DecantException">All that does not fit, at once.</exception>
    public static void CheckFits(Weights weights, Module module, bool newHead)
    {
        var match = new KeyMatch(module, weights.Tensors, newHead);
        if (match.Faults.Count > 0)
            throw new DecantException(Message(module, match));
    }

    // One tensor of the model under two names: a file that has both must mean the same by them.
    private static void CheckTwins(Weights weights, KeyMatch match)
    {
        foreach (var (kept, same) in match.Twins)
        {
            using var scope = TensorScope.Open();
            if (weights.View(kept).NotEqualTo(weights.View(same)).Any().Item() != 0)
                match.Blame($"twice: {kept} and {same} differ, and the model has one weight for both; are they tied in the model's settings, and not in the file's? If the file's head is meant, set tie_word_embeddings to false in its config.json.");
        }
    }

    private static string Message(Module module, KeyMatch match)
    {
        var lines = StateFaults.Limited(match.Faults);
        var rules = match.Remarks().Select(r => $"({r})");
        var hint = match.LacksHeadOnly
            ? "\nOnly the head is missing or another one: the file may be of the base model or of another task. Allow a new head (newHead; 'teacher.new-head: true' in a recipe), which is drawn and then trained."
            : "";
        return $"The weights do not fit the model ({module.GetType().Name}):\n  {string.Join("\n  ", lines.Concat(rules))}{hint}";
    }
}
