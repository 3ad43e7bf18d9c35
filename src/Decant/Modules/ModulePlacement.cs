using Decant.Torch;

namespace Decant.Modules;

/// <summary>Where modules are put.</summary>
internal static class ModulePlacement
{
    /// <summary>
    /// Moves a module to a device, unless it is there, and gives it back: <c>family.Create(…).On(device)</c>. Do it before an optimizer, a teacher or an objective is made of it, which
    /// look where it is. Weights that were drawn on the CPU are the same wherever they are moved.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="device">Where to.</param>
    public static T On<T>(this T module, Device device) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        if (!module.Device.Matches(device) && !module.HasNoMemory) // what has shapes alone is nowhere
            module.To(device);
        return module;
    }
}
