using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class DeviceChoiceTests
{
    private static readonly DeviceChoice.Found s_without = new("1.13.0", false, 0), s_hidden = new("2.11.0", true, 0), s_two = new("2.11.0", true, 2);

    [Fact]
    public void Auto_is_the_first_GPU_where_one_can_be_used_and_the_CPU_elsewhere()
    {
        foreach (var choice in new[] { null, "auto" })
        {
            Assert.Equal(Device.Cpu, DeviceChoice.Resolve(choice, () => s_without));
            Assert.Equal(Device.Cpu, DeviceChoice.Resolve(choice, () => s_hidden));
            Assert.Equal(Device.Cuda(0), DeviceChoice.Resolve(choice, () => s_two));
        }
    }

    [Fact]
    public void The_CPU_is_the_CPU_and_nothing_is_looked_for() => Assert.Equal(Device.Cpu, DeviceChoice.Resolve("cpu", () => throw new InvalidOperationException()));

    [Theory]
    [InlineData("cuda", 0)]
    [InlineData("cuda:0", 0)]
    [InlineData("cuda:1", 1)]
    public void A_GPU_is_taken_by_its_number(string choice, int index) => Assert.Equal(Device.Cuda(index), DeviceChoice.Resolve(choice, () => s_two));

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("Cuda")]
    [InlineData("")]
    public void Another_word_is_refused_with_those_that_there_are(string choice)
    {
        Assert.False(DeviceChoice.IsKnown(choice));
        var message = Assert.Throws<DecantException>(() => DeviceChoice.Resolve(choice, () => s_two)).Message;
        Assert.Contains($"'{choice}'", message, StringComparison.Ordinal);
        Assert.Contains("auto, cpu, cuda", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_that_cannot_be_used_is_refused_with_what_was_found_and_what_to_do()
    {
        Refused("cuda", s_without, "libtorch 1.13.0", "built without CUDA", "Install a libtorch");
        Refused("cuda:1", s_hidden, "libtorch 2.11.0", "built with CUDA, finds no GPU", "nvidia-smi");
        Refused("cuda:2", s_two, "finds 2 GPUs, cuda:0 to cuda:1");
        Refused("cuda:7", s_two with { Devices = 1 }, "finds 1 GPU, cuda:0.");
    }

    [Fact]
    public void Two_devices_are_one_place_where_nothing_tells_them_apart()
    {
        Assert.True(Device.Cpu.Matches(default) && Device.Cuda(1).Matches(Device.Cuda(1)) && Device.Cuda(1).Matches(new Device(DeviceKind.Cuda)));
        Assert.False(Device.Cuda(0).Matches(Device.Cuda(1)) || Device.Cpu.Matches(Device.Cuda(0)));
    }

    [Fact]
    public void This_machine_has_a_device()
    {
        var device = DeviceChoice.Resolve("auto");
        Assert.Equal(Runtime.HasCuda && Runtime.CudaDevices > 0 ? DeviceKind.Cuda : DeviceKind.Cpu, device.Kind);
    }

    private static void Refused(string choice, DeviceChoice.Found found, params string[] words)
    {
        var error = Assert.Throws<DecantException>(() => DeviceChoice.Resolve(choice, () => found));
        Assert.Equal(ExitCodes.Machine, error.ExitCode);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }
}
