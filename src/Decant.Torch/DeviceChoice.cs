using System.Globalization;

namespace Decant.Torch;

/// <summary>Finds the device that is meant by a word, as an option or a recipe has it.</summary>
internal static class DeviceChoice
{
    /// <summary>A GPU where the loaded libtorch was built with CUDA and a device answers, else the CPU.</summary>
    public const string Auto = "auto";

    private const string Cpu = "cpu", Cuda = "cuda";

    /// <summary>The device of a word, as it is there to be used.</summary>
    /// <param name="choice"><c>auto</c>, <c>cpu</c>, <c>cuda</c> (the first GPU) or <c>cuda:1</c>; null: auto.</param>
    /// <exception cref="DecantException">It is none of these; or a GPU is asked for that cannot be used: the message says what was found, and what to do.</exception>
    public static Device Resolve(string? choice) => Resolve(choice, () => new Found(Runtime.TorchVersion, Runtime.HasCuda, Runtime.CudaDevices));

    /// <summary>Whether a word is one of those that are known.</summary>
    public static bool IsKnown(string? choice) => choice is null or Auto or Cpu || IndexOf(choice) is not null;

    /// <summary>The same with what the machine has.</summary>
    /// <param name="choice">The word.</param>
    /// <param name="look">Loads libtorch and looks; not called where it makes no difference.</param>
    internal static Device Resolve(string? choice, Func<Found> look)
    {
        if (choice == Cpu)
            return Device.Cpu;
        if (choice is null or Auto)
            return look() is { HasCuda: true, Devices: > 0 } ? Device.Cuda() : Device.Cpu;
        if (IndexOf(choice) is not { } index)
            throw new DecantException($"device: '{choice}' is no device; write auto, cpu, cuda, or cuda:1 for the second GPU.");
        var found = look();
        if (!found.HasCuda)
        {
            throw new DecantException(
                $"device: '{choice}' was asked for, and libtorch {found.Version} is loaded, which was built without CUDA. Install a libtorch that was built with it and build the bridge against that (native/setup.sh), or write 'cpu' or 'auto'.",
                ExitCodes.Machine);
        }

        if (found.Devices == 0)
        {
            throw new DecantException(
                $"device: '{choice}' was asked for, and libtorch {found.Version}, which was built with CUDA, finds no GPU. See with nvidia-smi whether the driver does, and with CUDA_VISIBLE_DEVICES whether it is hidden; or write 'cpu' or 'auto'.",
                ExitCodes.Machine);
        }

        return index < found.Devices ? Device.Cuda(index) : throw new DecantException(
            $"device: '{choice}' was asked for, and libtorch {found.Version} finds {found.Devices} GPU{(found.Devices == 1 ? "" : "s")}, cuda:0{(found.Devices == 1 ? "" : $" to cuda:{found.Devices - 1}")}. Write one of those.",
            ExitCodes.Machine);
    }

    // cuda is cuda:0
    private static int? IndexOf(string choice)
    {
        if (choice == Cuda)
            return 0;
        return choice.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && int.TryParse(choice.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    /// <summary>What there is.</summary>
    /// <param name="Version">Of libtorch.</param>
    /// <param name="HasCuda">Whether it was built with CUDA.</param>
    /// <param name="Devices">How many GPUs it sees.</param>
    internal sealed record Found(string Version, bool HasCuda, int Devices);
}
