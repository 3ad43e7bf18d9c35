using System.Runtime.InteropServices;
using Decant.Torch;
using Decant.Torch.Interop;
using Decant.Torch.Kernels;
using Mono.Cecil;

namespace Decant.Tests.Torch;

public sealed unsafe class BridgeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-bridge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_bridge_of_another_abi_is_refused_and_says_what_to_do()
    {
        var library = NativeLibrary.Load(Runtime.BridgePath);

        Assert.NotEqual(0, Native.Entry(library, "here.so", NativeApi.Abi));
        var error = Assert.Throws<TorchException>(() => Native.Entry(library, "here.so", NativeApi.Abi + 1));

        Assert.Contains("here.so does not speak version 2 of the bridge's ABI", error.Message);
        Assert.Contains("./decant", error.Message);
    }

    [Fact]
    public void A_table_without_the_last_entries_is_refused()
    {
        var table = new NativeApi { AbiVersion = NativeApi.Abi, Size = (uint)sizeof(NativeApi) - 8 };
        var address = (nint)(&table);

        var error = Assert.Throws<TorchException>(() => Native.Handshake(address, "old.so", NativeApi.Abi));

        Assert.Contains("old.so is older than this program", error.Message);
        table.Size += 16; // a newer bridge has more entries than are needed
        Assert.Equal(address, Native.Handshake(address, "new.so", NativeApi.Abi));
    }

    [Fact]
    public void Every_place_that_was_tried_is_named_with_the_reason()
    {
        var missing = Path.Combine(_folder, "missing.so");
        var text = Path.Combine(_folder, "text.so");
        File.WriteAllText(text, "not a library");

        var error = Assert.Throws<TorchException>(() => Native.Open([missing, text]));

        Assert.Contains($"{missing}: not there", error.Message);
        Assert.Contains(text + ": ", error.Message);
        Assert.Contains("invalid ELF header", error.Message.Replace("file too short", "invalid ELF header"));
        Assert.Contains("DECANT_BRIDGE", error.Message);
        Assert.DoesNotContain("strace", error.Message);
    }

    [Fact]
    public void A_library_that_is_no_bridge_is_refused_by_name()
    {
        var other = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        Assert.Contains("is not Decant's bridge", Assert.Throws<TorchException>(() => Native.Open([other])).Message);
    }

    [Fact]
    public void No_bridge_is_loaded_where_nothing_chooses_the_kernels() =>
        Assert.Contains("kernels", Assert.Throws<InvalidOperationException>(() => Native.Load(null, [Runtime.BridgePath])).Message);

    [Fact]
    public void Kernels_are_chosen_before_a_bridge_is_looked_for()
    {
        IEnumerable<string> Candidates()
        {
            Assert.Fail("a bridge was looked for");
            yield break;
        }

        Assert.Throws<KernelsUnavailableException>(() => Native.Load(() => throw new KernelsUnavailableException("none"), Candidates()));
    }

    [Fact]
    public void Libtorch_is_loaded_in_one_place_and_after_the_choice_of_kernels()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Tensor).Assembly.Location);
        string[] Callers(string type, string method) =>
        [
            .. from caller in assembly.MainModule.GetTypes().SelectMany(t => t.Methods)
               where caller.HasBody && caller.Body.Instructions.Any(i => i.Operand is MethodReference called && called.DeclaringType.Name == type && called.Name == method)
               select $"{caller.DeclaringType.Name}.{caller.Name}",
        ];

        Assert.Equal(["Native.Open"], Callers(nameof(NativeLibrary), nameof(NativeLibrary.Load)));
        Assert.Equal(["Native.Load"], Callers(nameof(Native), nameof(Native.Open)));
        Assert.Equal(["KernelSetup.Register"], Callers(nameof(Native), nameof(Native.PrepareBy)));
        Assert.Equal([nameof(KernelSetup)], from initialized in assembly.MainModule.GetType("<Module>").Methods.Single(m => m.Name == ".cctor").Body.Instructions
                                            where initialized.Operand is MethodReference
                                            select ((MethodReference)initialized.Operand).DeclaringType.Name);
        _ = Runtime.BridgePath;
        Assert.NotEqual("libtorch was not loaded by Decant", KernelSetup.Choice.Fault);
    }

    [Fact]
    public void A_bridge_is_looked_for_where_the_user_says_and_nowhere_else() =>
        Assert.Equal(["/x/bridge.so"], BridgeLocator.Candidates(_folder, "/x/bridge.so", "/cache"));

    [Fact]
    public void A_bridge_is_looked_for_beside_the_program_in_the_checkout_above_and_in_the_cache()
    {
        var program = Directory.CreateDirectory(Path.Combine(_folder, "bin", "net")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "native"));
        File.WriteAllText(Path.Combine(_folder, "native", "decant.h"), "");

        var found = BridgeLocator.Candidates(program, null, "/cache").ToList();

        Assert.Equal(Path.Combine(program, BridgeLocator.FileName), found[0]);
        Assert.Contains(Path.Combine(_folder, "native", "build", "current", BridgeLocator.FileName), found);
        Assert.Equal(Path.Combine("/cache", "decant", "bridge", BridgeLocator.FileName), found[^1]);
    }

    [Fact]
    public void Mirrors_of_native_structures_have_their_sizes()
    {
        Assert.Equal(24, sizeof(NativeValue));
        Assert.Equal(56, sizeof(NativeTensorInfo));
    }
}
