using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// A module whose parts lie under dotted names, the groups between them made as they are needed: for networks that are one in what they compute and that
/// published weights spell in different ways.
/// </summary>
internal class ModuleTree : Module
{
    /// <summary>Makes a module a part of this one, under a dotted name.</summary>
    protected T Place<T>(string path, T module) where T : Module
    {
        var (tree, name) = Find(path);
        return tree.RegisterModule(name, module);
    }

    /// <summary>Makes a tensor a trained parameter, under a dotted name.</summary>
    protected Tensor PlaceParameter(string path, Tensor value)
    {
        var (tree, name) = Find(path);
        return tree.RegisterParameter(name, value);
    }

    private (ModuleTree Tree, string Name) Find(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return (this, path);
        var group = path[..dot];
        var below = Children.FirstOrDefault(c => c.Key == group).Value as ModuleTree ?? RegisterModule(group, new ModuleTree());
        return below.Find(path[(dot + 1)..]);
    }
}
