package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mainstay.server.audit.AuditEntryView;
import dev.mainstay.server.organization.Organizations.OwnMembership;
import java.util.List;

/**
 * All that the server keeps about somebody, beside the work of their organizations, which belongs
 * to these.
 *
 * @param accounts the ways in which they sign in, without secrets
 * @param sessions the newest 200
 * @param keys their own, the newest 1,000
 * @param acts what they have done, the newest 1,000
 */
@JsonInclude
public record PersonalData(
    UserView user,
    List<AccountView> accounts,
    List<SessionView> sessions,
    List<PasskeyView> passkeys,
    List<KeyDetails> keys,
    List<OwnMembership> memberships,
    List<AuditEntryView> acts) {}
