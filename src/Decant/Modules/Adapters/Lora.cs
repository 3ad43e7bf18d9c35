using Decant.Torch;

namespace Decant.Modules.Adapters;

/// <summary>Gives models adapters.</summary>
internal static class Lora
{
    /// <summary>Adds updates to a model, which answers as before until they are trained: <see cref="Model.Adapter"/> has them afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Which layers, and how.</param>
    /// <param name="newHead">Names of parameters that the model was not loaded with, as of a new head: their modules are trained as a whole. Null: there are none.</param>
    /// <param name="isShared">Whether the model's weights are another's too (<see cref="ModuleCopy.OverSameMemory"/>).</param>
    /// <param name="generator">Where A is drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">The model has an adapter, or targets mean no linear layer: nothing was changed.</exception>
    public static ModelAdapter Attach(Model model, LoraOptions options, IReadOnlyList<string>? newHead = null, bool isShared = false, Generator? generator = null)
    {
        if (model.Adapter is not null)
            throw new DecantException("student.adapter: the model has an adapter already. Merge it first.");
        IReadOnlyList<string> whole = [.. AdapterTargets.Modules(model, options.ModulesToSave).Concat(HeadModules(model, newHead ?? [])).Distinct()];
        KeyValuePair<string, IAdaptable>[] layers = [.. AdapterTargets.Layers(model, options.Targets).Where(l => !whole.Contains(l.Key) && !IsBelow(whole, l.Key))];
        if (layers.Length == 0)
            throw new DecantException("student.adapter.targets: every layer that is meant is trained as a whole (it is a new head, or in 'modules-to-save'), so nothing would be adapted. Give other targets.");
        return model.Adapter = new ModelAdapter(model, [.. layers.Select(Adapt)], whole, isShared);

        AdaptedLayer Adapt(KeyValuePair<string, IAdaptable> layer)
        {
            var update = new LowRankUpdate(layer.Value.Inputs, layer.Value.Outputs, options.Rank, options.Scale, options.Dropout, generator);
            IAdaptable[] places = [layer.Value, .. model.NamedModules().Select(m => m.Value).OfType<IAdaptable>().Where(other => other != layer.Value && ReferenceEquals(other.Weight, layer.Value.Weight)).Distinct()];
            foreach (var place in places)
                update.Attach(place);
            foreach (var (_, part) in ((Module)layer.Value).Children)
                part.On(layer.Value.Weight.Device);
            return new(layer.Key, places, update);
        }
    }

    // The modules in which every parameter is new, those at the top of them.
    private static IEnumerable<string> HeadModules(Model model, IReadOnlyList<string> newHead)
    {
        var all = model.NamedModules().Where(m => m.Key.Length > 0 && m.Value.NamedParameters().Any() && m.Value.NamedParameters().All(p => newHead.Contains($"{m.Key}.{p.Key}"))).Select(m => m.Key).ToArray();
        var lost = newHead.Where(name => !Array.Exists(all, path => name.StartsWith(path + ".", StringComparison.Ordinal))).ToArray();
        return lost.Length == 0 ? all.Where(path => !IsBelow(all, path)) : throw new DecantException(
            $"student.adapter: the model was loaded without {string.Join(", ", lost.Take(5))}, which would be trained, and stand in no module that is new as a whole. Train the model without an adapter first, and load that.");
    }

    private static bool IsBelow(IReadOnlyList<string> modules, string path) => modules.Any(module => path.StartsWith(module + ".", StringComparison.Ordinal));
}
