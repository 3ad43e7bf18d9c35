using Decant.Compression.Quantization;
using Decant.Export;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Decoder;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Exporting;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Export.Onnx.Consumers;

/// <summary>Writes a small exported model of every family and task with libtorch's answers beside it, for <c>test/consumers/onnx.sh</c>, which opens them in other programs.</summary>
public class ConsumerFolderTests
{
    private const string Variable = "DECANT_CONSUMERS";
    private static readonly QuantizationOptions[] s_forms = [new DynamicInt8(), new StaticInt8()];

    [Fact]
    public void Every_family_and_task_lies_in_a_folder_with_its_answers()
    {
        var folder = Path.Combine(Folder(), "zoo");
        var written = 0;
        foreach (var (name, model) in Models())
        {
            Write(Path.Combine(folder, name), model);
            written++;
        }

        Assert.True(written > 40, $"{written} models");
    }

    [Fact]
    public void Models_with_tokenizers_lie_in_folders_in_every_form()
    {
        var folder = Path.Combine(Folder(), "texts");
        foreach (var (name, model, tokenizer) in ConsumerTextModels.All())
        {
            using (model)
                WriteText(Path.Combine(folder, name), model, tokenizer);
        }
    }

    private static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no folder to write to.");
        return folder!;
    }

    // Each is disposed before the next is made.
    private static IEnumerable<(string Name, Model Model)> Models()
    {
        foreach (var name in Zoo.All.Select(row => row.Data))
        {
            using var model = Zoo.Create(name);
            yield return (name, model);
        }

        foreach (var (kind, task) in TaskZoo.All.Select(row => row.Data))
        {
            using var model = TaskZoo.Create(kind, task);
            yield return ($"{kind}-{task}", model);
        }

        foreach (var name in DecoderCases.Names.Where(name => name != OnnxParityTests.Stretched))
        {
            using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
            yield return ($"decoder-{name}", model);
        }

        using var tasks = TwoTasks.Create("encoder");
        foreach (var task in tasks.Tasks)
            yield return ($"two-tasks-{task}", tasks.Of(task));
    }

    private static void Write(string folder, Model model)
    {
        var signature = GraphSignatures.Of(model);
        var samples = Samples(signature);
        var exporter = new ModelExporter(Catalog.Standard.Kinds, folder);
        var answers = new ConsumerAnswers(model, signature, folder);
        answers.Float(exporter.Write(model, signature, [], samples).Single());
        foreach (var form in s_forms)
        {
            try
            {
                answers.Quantized(exporter.Write(model, signature, [form], samples)[1]);
            }
            catch (DecantException refusal)
            {
                answers.Refused(form.GetType().Name, refusal.Message);
            }
        }

        answers.Save();
    }

    private static void WriteText(string folder, Model model, ITokenizer tokenizer)
    {
        ModelFolder.Save(folder, model);
        TokenizerFile.Save(tokenizer, folder, ConsumerTextModels.MaxTokens);
        _ = new ModelExporter(Catalog.Standard.Kinds, folder).Write(model, GraphSignatures.Of(model), [.. s_forms, new BlockInt(), new HalfWeights()], Samples(GraphSignatures.Of(model)));
        if (model is CausalDecoder decoder)
            GenAiConfig.Write(folder, decoder);
    }

    private static IReadOnlyDictionary<string, OnnxArray>[] Samples(GraphSignature signature)
    {
        var draw = new SampleInputs(11);
        return [.. Enumerable.Range(0, 4).Select(i => draw.Draw(signature, signature.Recorded.ToDictionary(s => s.Key, s => s.Value[i])))];
    }
}
