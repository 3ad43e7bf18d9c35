namespace Decant.Runs.Recipes.Templates;

/// <summary>What all recipes of a chat model say of the way to it, under <c>teacher.chat</c>.</summary>
internal static class ChatLines
{
    /// <summary>The lines, with their indentation.</summary>
    public const string Access = """
            endpoint: http://localhost:8000/v1    # any OpenAI-compatible server: OpenAI, Azure, vLLM, llama.cpp, Ollama, SGLang
            model: NAME                           # as the server calls it
            key: OPENAI_API_KEY                   # the environment variable that holds the key; the key itself stands nowhere
            terms: ""                             # under which terms or licence may its answers train a model? Goes into the model card
            answers: answers                      # every answer is kept here, and never paid for twice
        """;

    /// <summary>The line that may limit what is spent.</summary>
    public const string Budget = """
            # budget: { money: 5, input-price: 0.15, output-price: 0.6 }   # prices of a million tokens
        """;
}
