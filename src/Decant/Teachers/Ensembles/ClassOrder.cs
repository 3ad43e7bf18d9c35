using Decant.Modules;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>The order of a classifier's logits.</summary>
internal static class ClassOrder
{
    /// <summary>Whether the names are the same, in any order.</summary>
    public static bool AreTheSame(IReadOnlyList<string> some, IReadOnlyList<string> others) =>
        some.Order(StringComparer.Ordinal).SequenceEqual(others.Order(StringComparer.Ordinal));

    /// <summary>The first class at which two lists differ; null when they are the same in the same order.</summary>
    public static int? FirstDifference(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(some);
        ArgumentNullException.ThrowIfNull(others);
        for (var i = 0; i < Math.Max(some.Count, others.Count); i++)
        {
            if (NameOf(some, i) != NameOf(others, i))
                return i;
        }

        return null;
    }

    /// <summary>A class's name; "none" beyond the last.</summary>
    internal static string NameOf(IReadOnlyList<string> names, int index) => index < names.Count ? names[index] : "none";

    /// <summary>Puts the rows of a classifier's last linear layer into another order, and so its logits.</summary>
    /// <param name="model">The classifier; its settings are left alone.</param>
    /// <param name="own">The classes in the order of its logits now.</param>
    /// <param name="wanted">The same classes in the order wanted.</param>
    /// <exception cref="DecantException">The names differ, or the model has no last linear layer with a row per class.</exception>
    public static void Change(Model model, IReadOnlyList<string> own, IReadOnlyList<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!AreTheSame(own, wanted) || own.Count != model.Classes)
            throw new DecantException($"The classes of a model cannot be put into another order: it has {model.Classes}, named {string.Join(", ", own)}, and wanted are {string.Join(", ", wanted)}.");
        if (model.NamedModules().Select(m => m.Value).OfType<Linear>().LastOrDefault() is not { } head || head.Outputs != model.Classes)
            throw new DecantException($"The classes of a {model.Kind} cannot be put into another order: its last linear layer has no row per class.");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var rows = Tensor.From([.. wanted.Select(name => (long)own.ToList().IndexOf(name))], wanted.Count).To(head.Weight.Device);
        head.Weight.CopyInPlace(head.Weight.IndexSelect(0, rows));
        head.Bias?.CopyInPlace(head.Bias.IndexSelect(0, rows));
    }
}
