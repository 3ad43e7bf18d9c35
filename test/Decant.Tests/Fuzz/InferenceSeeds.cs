using System.Text;
using Decant.Inference;
using Decant.Inference.Folders;
using Decant.Tests.Inference;

namespace Decant.Tests.Fuzz;

/// <summary>What lies in the folders of exported models, as Decant.Inference reads it: settings, the modules of an embedder, the ONNX file itself.</summary>
internal static class InferenceSeeds
{
    private const string Config = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":300,"max_position_embeddings":16,"bos_token_id":1,"eos_token_id":[2,3],"num_labels":2,"id2label":{"0":"a","1":"b"},
         "input_shape":[1,2,2],"pooling":"first","normalize":true,"rope_scaling":{"rope_type":"yarn","factor":8.0,"original_max_position_embeddings":8}}
        """;

    private const string Generation = """{"bos_token_id":1,"eos_token_id":[2,3],"pad_token_id":0,"suppress_tokens":[],"min_length":0}""";
    private const string Modules = """[{"path":"","type":"sentence_transformers.models.Transformer"},{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]""";
    private const string Pooling = """{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""";

    private const string Images = """{"do_normalize":true,"do_rescale":true,"do_resize":true,"image_mean":[0.5,0.4,0.3],"image_std":[0.2,0.2,0.1],"rescale_factor":0.00392156862745098,"size":{"height":2,"width":2}}""";

    public static IEnumerable<FuzzSeed> All()
    {
        yield return new("inference: config.json", ExportedConfig.Name, Encoding.UTF8.GetBytes(Config), JsonDamage.Of, ReadConfig);
        yield return new("inference: generation_config.json", "generation_config.json", Encoding.UTF8.GetBytes(Generation), JsonDamage.Of, ReadGeneration) { Beside = ModelSeeds.Files((ExportedConfig.Name, Config)) };
        yield return new("inference: modules.json", "modules.json", Encoding.UTF8.GetBytes(Modules), JsonDamage.Of, ReadPooling) { Beside = ModelSeeds.Files((ExportedConfig.Name, Config), ("1_Pooling/config.json", Pooling)) };
        yield return new("inference: preprocessor_config.json", ImageSettings.Name, Encoding.UTF8.GetBytes(Images), JsonDamage.Of, folder => ImageSettings.Read(folder)?.Channels(3));
        yield return Onnx();
    }

    private static void ReadConfig(string folder)
    {
        var config = ExportedConfig.Read(folder);
        _ = (config.ModelType, config.Task, config.ReadsPairs, config.TagScheme, config.Pooling, config.Normalize, config.Vocabulary, config.InputShape, config.Positions);
        _ = config.Labels();
    }

    private static void ReadGeneration(string folder) => GenerationSettings.Read(new ExportedFolder(folder, "", ExportedConfig.Read(folder)), ModelFolders.Bytes);

    private static void ReadPooling(string folder) => SentencePooling.Read(new ExportedFolder(folder, "", ExportedConfig.Read(folder)));

    private static FuzzSeed Onnx()
    {
        using var folder = new TemporaryFolder();
        ModelFolders.Classifier(folder);
        var files = Directory.EnumerateFiles(folder.Path).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
        return new("inference: onnx", "onnx/model.onnx", File.ReadAllBytes(Path.Combine(folder.Path, "onnx", "model.onnx")), ProtoDamage.Of, ReadModel)
        {
            Beside = files,
            BytesPerByte = 4_096, // the tokenizer beside it is read too
            BytesPerFile = 16 << 20,
        };
    }

    private static void ReadModel(string folder)
    {
        using var classifier = TextClassifier.Load(folder);
        classifier.Classify("a good film");
    }
}
