using Decant.Data;
using Decant.Export.Gguf.Vocabularies;
using Decant.LLama;
using Decant.LLama.Native;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Text;

namespace Decant.Runs.Preparing;

/// <summary>GGUF files that teach: their tokenizers, and their models.</summary>
internal static class GgufTeachers
{
    /// <summary>Looks into the heads of the files: whether each is there, whole, and gives what the task needs.</summary>
    /// <exception cref="DecantException">One does not: the message names its key.</exception>
    public static void Check(Recipe recipe)
    {
        foreach (var (path, section) in recipe.LargeModels().Where(t => t.Section.Gguf is not null))
        {
            try
            {
                GgufOpening.RequireKind(GgufOpening.Checked(section.Gguf!.File), vectors: recipe.Task == ModelTask.Embedding);
            }
            catch (DecantException error)
            {
                throw new DecantException($"{path}.gguf: {error.Message}", error.ExitCode, error);
            }
        }
    }

    /// <summary>The tokenizer of the first GGUF file of a recipe; null: there is none.</summary>
    /// <exception cref="DecantException">It is of a kind that is not served.</exception>
    public static ITokenizer? Tokenizer(Recipe recipe) => recipe.LargeModels().Select(t => t.Section.Gguf).FirstOrDefault(gguf => gguf is not null) is { } gguf
        ? GgufOpening.TokenizerOf(GgufOpening.Checked(gguf.File)) : null;

    /// <summary>The file's own tokenizer, where the recipe trains or loads another with other tokens; null: the teacher reads with the recipe's.</summary>
    public static ITokenizer? Own(GgufTeacherOptions gguf, ITokenizer student)
    {
        var stored = StoredVocabulary.Of(GgufOpening.Checked(gguf.File));
        return TokenizerAgreement.Differing(student, stored) is null ? null : stored.Read();
    }

    /// <summary>Compares the ids of the first training texts with llama.cpp's, for every GGUF file.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reads">The tokenizer that the teachers read with.</param>
    /// <param name="train">The training texts.</param>
    /// <exception cref="DecantException">A file has other tokens, or a text becomes other ids there.</exception>
    public static void Compare(Recipe recipe, ITokenizer reads, Dataset train)
    {
        foreach (var gguf in recipe.LargeModels().Select(t => t.Section.Gguf).OfType<GgufTeacherOptions>())
        {
            var file = GgufOpening.Checked(gguf.File);
            TokenizerAgreement.RequireTokens(reads, StoredVocabulary.Of(file));
            using var opened = LlamaFile.Open(file, tokensOnly: true);
            TokenizerAgreement.RequireIds(reads, opened, DataPreparation.Texts(train), isFramed: recipe.Task == ModelTask.Embedding);
        }
    }

    /// <summary>The model of a GGUF file.</summary>
    /// <param name="gguf">The file.</param>
    /// <param name="data">What it is asked about, as it reads it.</param>
    public static Model Model(GgufTeacherOptions gguf, PreparedData data)
    {
        gguf = gguf with { Context = gguf.Context ?? Math.Min(data.Context.MaxTokens, GgufOpening.MostTokens(gguf.File)) };
        if (data.Context.MaxTokens > gguf.Context)
            throw new DecantException($"input.max-tokens: texts have up to {data.Context.MaxTokens} tokens, and {gguf.File} reads at most {gguf.Context}. Say input.max-tokens: {gguf.Context}, or less.");
        return data.Context.Task == ModelTask.Embedding ? GgufOpening.Encoder(gguf, data.Tokenizer!) : GgufOpening.Decoder(gguf, data.Tokenizer!);
    }
}
