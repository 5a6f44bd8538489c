package io.countersign.samples;

import com.sun.net.httpserver.Headers;
import java.util.regex.Pattern;

/// What two readers write of a book.
///
/// @param server the name that the answer gives its maker
/// @param color of the stars that ratings gives; empty for no stars
record Reviews(String server, String color, Siblings siblings) implements ById.Lookup {

    private static final Pattern STARS = Pattern.compile("\"(Reviewer[12])\":([0-9])");

    @Override
    public String json(int id, Headers request) {
        String ratings = "";
        if (!color.isEmpty()) {
            Answer answer = siblings.ask("ratings", id, request);
            ratings = answer.code() == 200 ? answer.text() : "";
        }
        return "{\"id\":\"" + id + "\",\"podname\":\"" + server + "\",\"reviews\":["
                + review("Reviewer1", "Mistaken twins, a debt and a locked door: funny to the last line.", ratings)
                + ","
                + review("Reviewer2", "Light and quick. His later comedies have more to say.", ratings) + "]}";
    }

    private String review(String reviewer, String text, String ratings) {
        String rating = color.isEmpty() ? "" : ",\"rating\":{" + rating(reviewer, ratings) + "}";
        return "{\"reviewer\":\"" + reviewer + "\",\"text\":\"" + text + "\"" + rating + "}";
    }

    private String rating(String reviewer, String ratings) {
        return STARS.matcher(ratings)
                .results()
                .filter(match -> match.group(1).equals(reviewer))
                .map(match -> "\"stars\":" + match.group(2) + ",\"color\":\"" + color + "\"")
                .findFirst()
                .orElse("\"error\":\"Ratings service is currently unavailable\"");
    }
}
