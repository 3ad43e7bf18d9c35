using System.Globalization;
using Decant.Modules;
using Decant.Runs.Recipes.Binding;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>Which part of a model a stage trains.</summary>
internal static class ParameterFreezing
{
    private const int Shown = 12;

    /// <summary>Switches gradients on for what is trained and off for the rest.</summary>
    /// <param name="model">The model; of one with an adapter, that is trained.</param>
    /// <param name="arm">The model's arm, for messages.</param>
    /// <param name="train">Paths of modules or parameters, with all below them; null: everything.</param>
    /// <param name="freeze">Those of them that stay as they are; null: none.</param>
    /// <returns>The modules in which nothing is trained, those at the top of them: they stay in evaluation mode.</returns>
    /// <exception cref="DecantException">A path matches nothing, or nothing would be trained: all faults at once, with what there is.</exception>
    /// <remarks>A tensor that two modules share, such as the embeddings of a tied output, is one: trained where either is, and as it is where either stays.</remarks>
    public static IReadOnlyList<Module> Choose(Model model, string arm, IReadOnlyList<string>? train, IReadOnlyList<string>? freeze)
    {
        if (model.Adapter is { } adapter)
            return adapter.Freeze();
        model.RequireGrad(true);
        if (train is null && freeze is null)
            return [];
        var faults = Unknown(model, "train", train).Concat(Unknown(model, "freeze", freeze)).ToArray();
        if (faults.Length > 0)
            throw new DecantException(string.Join("\n", faults.Select(f => $"{arm}: {f}")) + $"\n{Parts(model)}");
        var trained = train is null ? null : Under(model, train);
        var stays = Under(model, freeze ?? []);
        foreach (var (_, parameter) in model.NamedParameters())
            parameter.RequiresGrad = (trained is null || trained.Contains(parameter)) && !stays.Contains(parameter);
        if (model.NamedParameters().All(p => !p.Value.RequiresGrad))
            throw new DecantException($"{arm}: this stage trains nothing: {Said("train", train)}{(train is null || freeze is null ? "" : " and ")}{Said("freeze", freeze)} leave no parameter.\n{Parts(model)}");
        return [.. Frozen(model)];
    }

    private static string Said(string key, IReadOnlyList<string>? paths) => paths is null ? "" : $"'{key}: [{string.Join(", ", paths)}]'";

    private static IEnumerable<string> Unknown(Model model, string key, IReadOnlyList<string>? paths)
    {
        string[] known = [.. model.NamedModules().Select(m => m.Key).Where(k => k.Length > 0), .. model.NamedParameters().Select(p => p.Key)];
        return (paths ?? []).Where(p => !known.Contains(p)).Select(p =>
            $"{key}: the model ({model.Kind}) has no part '{p}'{(Suggestion.For(p, known) is { } near ? $"; did you mean '{near}'?" : "")}");
    }

    /// <summary>The parameters at or below some paths.</summary>
    private static HashSet<Tensor> Under(Model model, IReadOnlyList<string> paths)
    {
        var found = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        found.UnionWith(model.NamedModules().Where(m => paths.Contains(m.Key)).SelectMany(m => m.Value.NamedParameters()).Select(p => p.Value));
        found.UnionWith(model.NamedParameters().Where(p => paths.Contains(p.Key)).Select(p => p.Value));
        return found;
    }

    private static IEnumerable<Module> Frozen(Module module)
    {
        // Dropout between two parts belongs to neither of them.
        if (!module.NamedParameters().Any())
            return [];
        return module.NamedParameters().All(p => !p.Value.RequiresGrad) ? [module] : module.Children.SelectMany(c => Frozen(c.Value));
    }

    /// <summary>What there is to choose from: the modules at the top, those in lists by their number.</summary>
    private static string Parts(Model model)
    {
        var parts = model.Children.SelectMany(c => Open(c.Key, c.Value)).Take(Shown + 1).ToArray();
        return $"Its parts: {string.Join(", ", parts.Take(Shown))}{(parts.Length > Shown ? ", …" : "")}";
    }

    // A list is shown by its items, and what holds one by what it holds.
    private static IEnumerable<string> Open(string path, Module module) =>
        !module.NamedParameters().Any() ? []
        : IsList(module) ? module.Children.Select(c => $"{path}.{c.Key}")
        : module.NamedModules().Any(m => IsList(m.Value)) ? module.Children.SelectMany(c => Open($"{path}.{c.Key}", c.Value))
        : [path];

    private static bool IsList(Module module) => module.Children.Count > 0 && module.Children.All(c => int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
