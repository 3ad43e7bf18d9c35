using System.Text;
using Decant.Data.Retrieval;
using Decant.Export.Tables;
using Decant.Inference;
using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Tests.Inference;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Fuzz;

/// <summary>Static models as Decant.Inference and the library read them, and the files of a search.</summary>
internal static class TableSeeds
{
    private const string Queries = "{\"_id\":\"q1\",\"text\":\"where\"}\n{\"id\":7,\"text\":\"who\",\"title\":\"a\"}\n";
    private const string Relevance = "query-id\tcorpus-id\tscore\nq1\td\t1\n7\td\t2\n";

    public static IEnumerable<FuzzSeed> All()
    {
        var files = Folder();
        yield return new("inference: table", "model.safetensors", files["model.safetensors"], (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length), Embed) { Beside = Without(files, "model.safetensors"), BytesPerByte = 4_096, BytesPerFile = 16 << 20 };
        yield return new("inference: table's config.json", "config.json", files["config.json"], JsonDamage.Of, Embed) { Beside = Without(files, "config.json"), BytesPerByte = 4_096, BytesPerFile = 16 << 20 };
        yield return new("search: texts", "queries.jsonl", Encoding.UTF8.GetBytes(Queries), JsonDamage.OfLines, folder => IdentifiedTexts.Read(Path.Combine(folder, "queries.jsonl"))) { BytesPerByte = 1024 };
        yield return new("search: judgements", "qrels.tsv", Encoding.UTF8.GetBytes(Relevance), TextDamage.Of, Judge) { Beside = ModelSeeds.Files(("queries.jsonl", Queries), ("documents.tsv", "d\ta text\n")), BytesPerByte = 1024 };
    }

    private static void Embed(string folder)
    {
        using var embedder = SentenceEmbedder.Load(folder);
        _ = embedder.Embed("a good film");
    }

    private static void Judge(string folder) => RelevanceJudgements.Read(
        Path.Combine(folder, "qrels.tsv"), IdentifiedTexts.Read(Path.Combine(folder, "queries.jsonl")), IdentifiedTexts.Read(Path.Combine(folder, "documents.tsv")));

    private static Dictionary<string, byte[]> Without(Dictionary<string, byte[]> files, string name) => files.Where(f => f.Key != name).ToDictionary();

    private static Dictionary<string, byte[]> Folder()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = ModelFolders.WordPieces;
        using var generator = new Generator(3);
        using var model = new StaticConfig { Task = ModelTask.Embedding, VocabSize = tokenizer.VocabularySize, HiddenDim = 3, Normalize = true, IgnoredTokenIds = ContentlessTokens.Of(tokenizer) }.Build(generator);
        TableFolder.Write(folder.Path, model, RowFormat.Int8);
        TokenizerFile.Save(tokenizer, folder.Path, 64);
        return Directory.EnumerateFiles(folder.Path).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
    }
}
