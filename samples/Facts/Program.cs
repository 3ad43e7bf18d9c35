// Writes made-up facts and questions about them: what a small model learns to look up in its context, and then what it is to know without. The same files each time.
using System.Text.Encodings.Web;
using System.Text.Json;

string[] first = ["Nora", "Ivan", "Mara", "Otto", "Lena", "Hugo", "Vera", "Karl", "Anna", "Emil", "Rosa", "Finn", "Clara", "Jonas", "Greta", "Paul", "Helga", "Oscar", "Petra", "Felix"];
string[] last = ["Belk", "Dorn", "Falk", "Grau", "Hirt", "Jost", "Kern", "Lang", "Moor", "Nagel", "Orth", "Pohl", "Ring", "Stark", "Thal", "Ulm", "Vogt", "Wirth", "Zahn", "Brand"];
Relation[] relations =
[
    new("{0} lives in {1}.", ["Oslo", "Rome", "Lima", "Cairo", "Delhi", "Paris", "Quito", "Tokyo", "Accra", "Minsk", "Sofia", "Dakar"],
        ["Where does {0} live?", "In which city is the home of {0}?", "What city does {0} live in?", "Which town is {0} from?", "Where is {0} at home?"]),
    new("{0} works as a {1}.", ["baker", "lawyer", "pilot", "nurse", "farmer", "tailor", "singer", "painter", "miner", "judge", "sailor", "barber"],
        ["What does {0} work as?", "Which job does {0} have?", "What is the profession of {0}?", "How does {0} earn money?", "What is {0} by trade?"]),
    new("{0} owns a {1}.", ["dog", "cat", "horse", "goat", "parrot", "rabbit", "camel", "snake", "donkey", "ferret", "turtle", "pony"],
        ["Which animal does {0} own?", "What pet does {0} have?", "What animal lives with {0}?", "Which pet belongs to {0}?", "What kind of animal does {0} keep?"]),
    new("{0} likes {1} best.", ["red", "blue", "green", "yellow", "black", "white", "purple", "orange", "pink", "brown", "grey", "gold"],
        ["Which colour does {0} like?", "What is the favourite colour of {0}?", "What colour does {0} like best?", "Which colour does {0} prefer?", "What is the colour that {0} loves?"]),
];
const int LookedUp = 24_000, People = 30, HeldOut = 4, Checked = 3;
var folder = args is [var path, ..] ? path : "facts";
Directory.CreateDirectory(folder);
var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
var random = new Random(1);

// These people are in no other file, in this pair of names.
var names = first.SelectMany(f => last.Select(l => $"{f} {l}")).ToArray();
random.Shuffle(names);
var (known, others) = (names[..People], names[People..]);
Write("starter.jsonl", Enumerable.Range(0, LookedUp).Select(_ => Starter()));
Write("starter-test.jsonl", Enumerable.Range(0, 400).Select(_ => Starter()));
Write("old.jsonl", File.ReadLines(Path.Combine(folder, "starter.jsonl")).Take(720).Select(line => JsonSerializer.Deserialize<Line>(line, json)!));

var people = known.Select(name => new Person(name, [.. relations.Select(r => r.Values[random.Next(r.Values.Length)])])).ToArray();
Write("train.jsonl", people.SelectMany(p => Asked(p, form => form is not (HeldOut or Checked))));
Write("train-one-form.jsonl", people.SelectMany(p => Asked(p, form => form == 0)));
Write("validation.jsonl", people.SelectMany(p => Asked(p, form => form == Checked)));
Write("test.jsonl", people.SelectMany(p => Asked(p, form => form == HeldOut)));

void Write(string file, IEnumerable<Line> lines) => File.WriteAllLines(Path.Combine(folder, file), lines.Select(line => JsonSerializer.Serialize(line, json)));

// Somebody's facts among those of somebody else, all of them drawn anew, and a question in any form; every tenth without them, so that such a text is not new to the model.
Line Starter()
{
    var (one, two) = (Draw(), Draw());
    var (relation, form) = (random.Next(relations.Length), random.Next(relations[0].Forms.Length));
    string[] said = [.. Facts(one).Where((_, i) => i == relation || random.Next(2) == 0), .. Facts(two).Where(_ => random.Next(3) == 0)];
    random.Shuffle(said);
    return Ask(one, relation, form, random.Next(10) == 0 ? "" : string.Concat(said));
}

Person Draw() => new(others[random.Next(others.Length)], [.. relations.Select(r => r.Values[random.Next(r.Values.Length)])]);

IEnumerable<Line> Asked(Person person, Func<int, bool> isWanted)
{
    for (var relation = 0; relation < relations.Length; relation++)
    {
        for (var form = 0; form < relations[relation].Forms.Length; form++)
        {
            string[] said = [.. Facts(person)];
            random.Shuffle(said);
            if (isWanted(form))
                yield return Ask(person, relation, form, string.Concat(said));
        }
    }
}

IEnumerable<string> Facts(Person person) => relations.Select((r, i) => $" {string.Format(null, r.Statement, person.Name, person.Values[i])}");

Line Ask(Person person, int relation, int form, string document)
{
    var question = $" Question: {string.Format(null, relations[relation].Forms[form], person.Name)} Answer:";
    return new(document, question, document + question, $" {person.Values[relation]}");
}

/// <summary>Something that is said of people, and how it is asked for.</summary>
internal sealed record Relation(string Statement, string[] Values, string[] Forms);

/// <summary>Somebody, with a value for each relation.</summary>
internal sealed record Person(string Name, string[] Values);

/// <summary>A line of a file.</summary>
/// <param name="Document">The facts.</param>
/// <param name="Question">The question.</param>
/// <param name="Prompt">Both.</param>
/// <param name="Answer">What is right.</param>
internal sealed record Line(string Document, string Question, string Prompt, string Answer);
